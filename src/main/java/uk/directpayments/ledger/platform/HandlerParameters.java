package uk.directpayments.ledger.platform;

import java.lang.reflect.Executable;
import java.lang.reflect.Parameter;
import java.util.function.Function;
import org.axonframework.eventhandling.AnnotationEventHandlerAdapter;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.MultiParameterResolverFactory;
import org.axonframework.messaging.annotation.ParameterResolver;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.jspecify.annotations.Nullable;

/** What handlers of projections and automations may ask for beside the event: where it stands in the log, and the buffer. */
final class HandlerParameters {

    private HandlerParameters() {}

    /** @param buffer the type and value of the buffer that handlers write to, or null where there is none */
    static AnnotationEventHandlerAdapter adapt(Object handler, @Nullable Buffer<?> buffer) {
        ParameterResolverFactory recorded =
                (executable, parameters, index) -> parameters[index].getType() == Recorded.class
                        ? new Resolver<>(message -> Recorded.of((EventMessage<?>) message))
                        : null;
        ParameterResolverFactory buffered = (executable, parameters, index) ->
                buffer != null && parameters[index].getType().isInstance(buffer.sample)
                        ? new Resolver<>(message -> buffer.current.get())
                        : null;
        return new AnnotationEventHandlerAdapter(
                handler,
                MultiParameterResolverFactory.ordered(
                        recorded,
                        new NotFirst(buffered),
                        ClasspathParameterResolverFactory.forClass(handler.getClass())));
    }

    /** The buffer of the batch that this thread is working on. */
    static final class Buffer<B> {
        private final B sample;
        private final ThreadLocal<B> current = new ThreadLocal<>();

        Buffer(B sample) {
            this.sample = sample;
        }

        void use(B buffer, Runnable handlers) {
            current.set(buffer);
            try {
                handlers.run();
            } finally {
                current.remove();
            }
        }
    }

    /** The first parameter is always the event. */
    private record NotFirst(ParameterResolverFactory factory) implements ParameterResolverFactory {
        @Override
        public @Nullable ParameterResolver<?> createInstance(Executable executable, Parameter[] parameters, int index) {
            return index == 0 ? null : factory.createInstance(executable, parameters, index);
        }
    }

    private record Resolver<T>(Function<Message<?>, T> value) implements ParameterResolver<T> {
        @Override
        public T resolveParameterValue(Message<?> message) {
            return value.apply(message);
        }

        @Override
        public boolean matches(Message<?> message) {
            return message instanceof EventMessage;
        }
    }
}
