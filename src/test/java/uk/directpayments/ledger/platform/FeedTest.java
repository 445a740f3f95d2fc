package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import uk.directpayments.trial.TrialEvent;

/** What a processor is handed of the log, and when. */
class FeedTest extends TrialTest {

    private final List<EventMessage<?>> handled = new ArrayList<>();
    private boolean refusing;
    private Feed feed;
    private BlockingStream<TrackedEventMessage<?>> stream;

    private final EventHandlerInvoker invoker = new EventHandlerInvoker() {
        @Override
        public boolean canHandle(EventMessage<?> event, Segment segment) {
            return canHandleType(event.getPayloadType()) && segment.matches(event.getIdentifier());
        }

        @Override
        public boolean canHandleType(Class<?> payloadType) {
            return payloadType == TrialEvent.Counted.class;
        }

        @Override
        public void handle(EventMessage<?> event, Segment segment) {
            if (refusing) {
                throw new IllegalStateException("refused");
            }
            handled.add(event);
        }
    };

    @BeforeEach
    void feed() {
        feed = Feed.single(log.tail(), invoker);
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

    // ── bundles ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void whatIsShownTogetherIsHandedOutAsOneAndHandledOneByOneByTheSegmentsWhoseItIs() throws Exception {
        Segment[] halves = Segment.ROOT_SEGMENT.split();
        bundled(segment -> null);
        String id = open("bundled");
        long last = count(id, new int[Feed.BUNDLE + 10]);
        log.tail().look();
        List<TrackedEventMessage<?>> bundles = taken();
        assertThat(bundles).hasSize(2);
        assertThat(EventLog.positionOf(bundles.get(1).trackingToken())).isEqualTo(last);
        for (TrackedEventMessage<?> bundle : bundles) {
            for (Segment half : halves) {
                if (feed.canHandle(bundle, half)) {
                    handle(bundle, half);
                }
            }
        }
        assertThat(handled).allMatch(event -> event.getPayload() instanceof TrialEvent.Counted);
        assertThat(positions())
                .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(last - Feed.BUNDLE - 9, last)
                        .boxed()
                        .toList());
    }

    /** The stream was opened again for another segment, further back. */
    @Test
    void whatStandsInTwoBundlesOfOneTransactionIsHandledOnce() throws Exception {
        String id = open("overlapping");
        long last = count(id, 1, 2, 3, 4);
        bundled(segment -> EventLog.tokenOf(last - 4), last - 4);
        TrackedEventMessage<?> all = taken().get(0);
        stream = feed.openStream(EventLog.tokenOf(last - 2));
        TrackedEventMessage<?> again = taken().get(0);
        handle(List.of(all, again), Segment.ROOT_SEGMENT);
        assertThat(positions()).containsExactly(last - 3, last - 2, last - 1, last);
    }

    @Test
    void afterABatchHasFailedEventsAreHandedOutOneByOneUntilOneHasNot() throws Exception {
        String id = open("careful");
        long last = count(id, 1, 2, 3);
        bundled(segment -> null, last - 3);
        List<TrackedEventMessage<?>> bundle = taken();
        assertThat(bundle).hasSize(1);
        refusing = true;
        assertThatThrownBy(() -> handle(bundle, Segment.ROOT_SEGMENT)).hasMessage("refused");
        refusing = false;
        stream = feed.openStream(EventLog.tokenOf(last - 3));
        AtomicInteger woken = new AtomicInteger();
        stream.setOnAvailableCallback(woken::incrementAndGet);
        List<TrackedEventMessage<?>> first = taken();
        assertThat(first).hasSize(1);
        assertThat(EventLog.positionOf(first.get(0).trackingToken())).isEqualTo(last - 2);
        handle(first, Segment.ROOT_SEGMENT);
        assertThat(woken).hasPositiveValue();
        assertThat(positions()).containsExactly(last - 2);
        stream = feed.openStream(EventLog.tokenOf(last - 2));
        assertThat(taken()).hasSize(1);
    }

    /** Another node has run the segment further than this one has come with the others. */
    @Test
    void whatASegmentHasHandledOfABundleIsNotHandledAgain() throws Exception {
        String id = open("ahead");
        long last = count(id, 1, 2, 3);
        bundled(segment -> EventLog.tokenOf(last - 1), last - 3);
        TrackedEventMessage<?> bundle = taken().get(0);
        assertThat(feed.canHandle(bundle, Segment.ROOT_SEGMENT)).isTrue();
        handle(bundle, Segment.ROOT_SEGMENT);
        assertThat(positions()).containsExactly(last);
    }

    @Test
    void ofABundleWhatItsSegmentHadHandledBeforeItsResetIsReplayed() throws Exception {
        String id = open("replayed");
        long last = count(id, 1, 2, 3, 4);
        bundled(
                segment -> ReplayToken.createReplayToken(EventLog.tokenOf(last - 2), EventLog.tokenOf(last - 4)),
                last - 4);
        TrackedEventMessage<?> bundle = taken().get(0);
        assertThat(ReplayToken.isReplay(bundle)).isFalse();
        handle(bundle, Segment.ROOT_SEGMENT);
        assertThat(handled.stream().map(ReplayToken::isReplay)).containsExactly(true, true, false, false);
        assertThat(positions()).containsExactly(last - 3, last - 2, last - 1, last);
    }

    private void bundled(Feed.StoredTokens stored) {
        bundled(stored, log.head());
    }

    private void bundled(Feed.StoredTokens stored, long after) {
        feed = Feed.bundled(log.tail(), invoker, stored);
        stream = feed.openStream(EventLog.tokenOf(after));
    }

    private void handle(TrackedEventMessage<?> bundle, Segment segment) {
        handle(List.of(bundle), segment);
    }

    private void handle(List<TrackedEventMessage<?>> bundles, Segment segment) {
        ResultMessage<Object> result = new BatchingUnitOfWork<>(bundles).executeWithResult(() -> {
            feed.handle((EventMessage<?>) CurrentUnitOfWork.get().getMessage(), segment);
            return null;
        });
        if (result.isExceptional()) {
            throw (RuntimeException) result.exceptionResult();
        }
    }

    private List<Long> positions() {
        return handled.stream()
                .map(event -> EventLog.positionOf(((TrackedEventMessage<?>) event).trackingToken()))
                .toList();
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
