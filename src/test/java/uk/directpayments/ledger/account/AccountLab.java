package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.caching.Cache;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.MultiParameterResolverFactory;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.messaging.annotation.SimpleResourceParameterResolverFactory;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.modelling.command.AggregateAnnotationCommandHandler;
import org.axonframework.modelling.command.Repository;
import uk.directpayments.ledger.platform.LedgerCommand;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.RealPlatform;
import uk.directpayments.ledger.platform.Streams;

/** The account with Axon's real repository, the ledger's cache and snapshots as JSON, over a log in memory. */
final class AccountLab {

    private static final String STREAM = "account/" + AccountWords.ACCOUNT;

    private final EventStore log = EmbeddedEventStore.builder()
            .storageEngine(new InMemoryEventStorageEngine() {
                @Override
                public Optional<DomainEventMessage<?>> readSnapshot(String streamId) {
                    return super.readSnapshot(streamId).map(AccountLab::writtenAndRead);
                }
            })
            .build();
    private final Cache cache = RealPlatform.streamCache();
    private final SimpleCommandBus bus = SimpleCommandBus.builder().build();
    private final Repository<PaymentAccount> repository;

    AccountLab() {
        ParameterResolverFactory parameters = MultiParameterResolverFactory.ordered(
                ClasspathParameterResolverFactory.forClass(PaymentAccount.class),
                new SimpleResourceParameterResolverFactory(List.of(new LogStreams(), Clock.systemUTC())));
        repository = EventSourcingRepository.builder(PaymentAccount.class)
                .eventStore(log)
                .cache(cache)
                .parameterResolverFactory(parameters)
                .build();
        AggregateAnnotationCommandHandler.<PaymentAccount>builder()
                .aggregateType(PaymentAccount.class)
                .repository(repository)
                .parameterResolverFactory(parameters)
                .build()
                .subscribe(bus);
    }

    Outcome send(LedgerCommand command) {
        var result = new AtomicReference<Outcome>();
        var failure = new AtomicReference<Throwable>();
        bus.dispatch(GenericCommandMessage.asCommandMessage(command), (sent, answer) -> {
            if (answer.isExceptional()) {
                failure.set(answer.exceptionResult());
            } else {
                result.set((Outcome) answer.getPayload());
            }
        });
        if (failure.get() != null) {
            throw new IllegalStateException("the command failed", failure.get());
        }
        return result.get();
    }

    List<AccountEvent> events() {
        return log.readEvents(STREAM, 0)
                .asStream()
                .map(event -> (AccountEvent) event.getPayload())
                .toList();
    }

    long lastSequence() {
        return log.lastSequenceNumberFor(STREAM).orElse(-1L);
    }

    /** The account as the next command would find it. */
    PaymentAccount account() {
        var unit = DefaultUnitOfWork.<Message<?>>startAndGet(null);
        var found = new AtomicReference<PaymentAccount>();
        repository.load(STREAM).execute(found::set);
        unit.commit();
        return found.get();
    }

    AccountState state() {
        return state(account());
    }

    /** What a snapshot of this moment would bring back. */
    AccountState stateFromSnapshot() {
        return state(RealPlatform.snapshotWrittenAndRead(account()));
    }

    private static AccountState state(PaymentAccount account) {
        try {
            var field = PaymentAccount.class.getDeclaredField("state");
            field.setAccessible(true);
            return (AccountState) field.get(account);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /** As if the ledger had made a snapshot and been started anew. An unreadable one must fail here: Axon would only log it. */
    void restartFromSnapshot() {
        PaymentAccount account = account();
        assertThat(RealPlatform.json(RealPlatform.writtenAndRead(account))).isEqualTo(RealPlatform.json(account));
        log.storeSnapshot(new GenericDomainEventMessage<>("PaymentAccount", STREAM, lastSequence(), account));
        cache.removeAll();
    }

    /** A lab with the same log, written and read back, and no snapshot. */
    AccountLab replayed() {
        var replayed = new AccountLab();
        long sequence = 0;
        for (AccountEvent event : events()) {
            replayed.log.publish(new GenericDomainEventMessage<>(
                    "PaymentAccount", STREAM, sequence++, RealPlatform.writtenAndRead(event)));
        }
        return replayed;
    }

    private static DomainEventMessage<?> writtenAndRead(DomainEventMessage<?> snapshot) {
        return new GenericDomainEventMessage<>(
                snapshot.getType(),
                snapshot.getAggregateIdentifier(),
                snapshot.getSequenceNumber(),
                RealPlatform.writtenAndRead(snapshot.getPayload()));
    }

    private final class LogStreams implements Streams {

        @Override
        public List<Object> read(String streamId, long firstSequence, int count) {
            return log.readEvents(streamId, firstSequence)
                    .asStream()
                    .limit(count)
                    .<Object>map(Message::getPayload)
                    .toList();
        }

        @Override
        public long lastSequence(String streamId) {
            return log.lastSequenceNumberFor(streamId).orElse(-1L);
        }
    }
}
