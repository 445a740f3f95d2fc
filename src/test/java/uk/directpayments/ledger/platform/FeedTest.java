package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import uk.directpayments.trial.TrialEvent;

/** What a processor is handed of the log, and when. */
class FeedTest extends TrialTest {

    private final List<EventMessage<?>> handled = new ArrayList<>();
    private Feed feed;
    private BlockingStream<TrackedEventMessage<?>> stream;

    @BeforeEach
    void feed() {
        feed = new Feed(log.tail(), new EventHandlerInvoker() {
            @Override
            public boolean canHandle(EventMessage<?> event, Segment segment) {
                return canHandleType(event.getPayloadType());
            }

            @Override
            public boolean canHandleType(Class<?> payloadType) {
                return payloadType == TrialEvent.Counted.class;
            }

            @Override
            public void handle(EventMessage<?> event, Segment segment) {
                handled.add(event);
            }
        });
        stream = feed.openStream(log.createHeadToken());
    }

    @Test
    void whatAProcessorDoesNotHandleIsLeftOutButForAnEventNowAndThen() throws Exception {
        int opened = 0;
        while (opened < Feed.STEP + 10) {
            open("skipped" + opened++);
        }
        long counted = count(open("handled"), 1);
        log.tail().look();
        List<Long> given = new ArrayList<>();
        while (stream.hasNextAvailable()) {
            given.add(EventLog.positionOf(stream.nextAvailable().trackingToken()));
        }
        assertThat(given).contains(counted).hasSizeLessThan(5);
        assertThat(given).allMatch(position -> position == counted || position % Feed.STEP == 0);
        assertThat(given).anyMatch(position -> position % Feed.STEP == 0);
    }

    @Test
    void noMoreIsHandedOutThanTwoBatchesUntilTheyAreHandled() throws Exception {
        String id = open("many");
        count(id, new int[Feed.MOST_WAITING + 10]);
        log.tail().look();
        List<TrackedEventMessage<?>> waiting = taken();
        long handledHere = waiting.stream()
                .filter(event -> event.getPayload() instanceof TrialEvent.Counted)
                .count();
        assertThat(handledHere).isEqualTo(Feed.MOST_WAITING);
        AtomicInteger woken = new AtomicInteger();
        stream.setOnAvailableCallback(woken::incrementAndGet);
        List<TrackedEventMessage<?>> batch = waiting.subList(0, 500);
        new BatchingUnitOfWork<>(batch).executeWithResult(() -> {
            feed.handle((EventMessage<?>) CurrentUnitOfWork.get().getMessage(), Segment.ROOT_SEGMENT);
            return null;
        });
        assertThat(handled).hasSize(500);
        assertThat(woken).hasValue(1);
        assertThat(taken()).isNotEmpty();
    }

    /** As Axon's coordinator takes them: each is put into the queue of the segment that it is for. */
    private List<TrackedEventMessage<?>> taken() throws InterruptedException {
        List<TrackedEventMessage<?>> taken = new ArrayList<>();
        while (stream.hasNextAvailable()) {
            TrackedEventMessage<?> event = stream.nextAvailable();
            feed.canHandle(event, Segment.ROOT_SEGMENT);
            taken.add(event);
        }
        return taken;
    }
}
