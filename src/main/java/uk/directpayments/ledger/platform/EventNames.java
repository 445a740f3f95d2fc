package uk.directpayments.ledger.platform;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;
import uk.directpayments.ledger.kernel.EventName;

/** The catalogue of stored names: every class marked {@link EventName}. What is not in it is refused, never skipped. */
final class EventNames {

    private final Map<String, Class<?>> classes = new TreeMap<>();
    private final Map<String, Class<?>> olderRevisions = new TreeMap<>();
    private final Map<Class<?>, SerializedType> types = new ConcurrentHashMap<>();

    /** Catalogues the marked classes of these packages and below. */
    static EventNames in(Collection<String> packages) {
        EventNames names = new EventNames();
        var scanner = new ClassPathScanningCandidateComponentProvider(false) {
            @Override
            protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
                return definition.getMetadata().isIndependent();
            }
        };
        scanner.addIncludeFilter(new AnnotationTypeFilter(EventName.class));
        packages.stream()
                .flatMap(name -> scanner.findCandidateComponents(name).stream())
                .map(BeanDefinition::getBeanClassName)
                .filter(Objects::nonNull)
                .distinct()
                .forEach(name -> names.add(ClassUtils.resolveClassName(name, EventNames.class.getClassLoader())));
        return names;
    }

    private void add(Class<?> type) {
        EventName name = type.getAnnotation(EventName.class);
        Class<?> other = classes.put(key(name.value(), String.valueOf(name.revision())), type);
        if (other != null) {
            throw new IllegalStateException(type + " and " + other + " share the stored name " + name);
        }
        for (int older = name.readsFrom(); older > 0 && older < name.revision(); older++) {
            olderRevisions.put(key(name.value(), String.valueOf(older)), type);
        }
        types.put(type, new SimpleSerializedType(name.value(), String.valueOf(name.revision())));
    }

    /** Every catalogued class by name and revision, in order. */
    Map<String, Class<?>> all() {
        return classes;
    }

    /** Every name and revision that {@link #classOf} knows, older revisions too. */
    Set<String> readable() {
        Set<String> kinds = new TreeSet<>(classes.keySet());
        kinds.addAll(olderRevisions.keySet());
        return kinds;
    }

    SerializedType typeOf(Class<?> type) {
        SerializedType known = types.get(type);
        if (known == null) {
            throw new UnknownEvent("the event " + type.getSimpleName() + " has no stored name");
        }
        return known;
    }

    Class<?> classOf(SerializedType type) {
        String key = key(type.getName(), type.getRevision());
        Class<?> known = classes.getOrDefault(key, olderRevisions.get(key));
        if (known == null) {
            throw new UnknownEvent("this version does not know the event " + type.getName() + " revision "
                    + type.getRevision() + "; it must not be skipped");
        }
        return known;
    }

    /** A kind of event: its name, a dot, its revision. */
    static String key(String name, String revision) {
        return name + "." + revision;
    }

    /** A stored name or revision that this version does not know: nothing may go past it. */
    static final class UnknownEvent extends RuntimeException {
        UnknownEvent(String message) {
            super(message);
        }
    }
}
