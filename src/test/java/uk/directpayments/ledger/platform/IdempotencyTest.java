package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.trial.TrialCommand;

class IdempotencyTest extends TrialTest {

    private static final int REQUESTS = 64;

    private final ExecutorService threads = Executors.newFixedThreadPool(REQUESTS);

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    @Test
    void manyRequestsWithOneKeyAtOnceWriteOnceAndGetOneAnswer() throws Exception {
        String id = open("rush");
        Call call = keyed(freshKey());
        List<Outcome> outcomes = atOnce(i -> commands.send(new TrialCommand.Count(id, 7, 8), call));

        assertThat(eventsOf(id)).isEqualTo(3);
        assertThat(outcomes)
                .extracting(Outcome::events)
                .containsOnly(outcomes.get(0).events());
        assertThat(outcomes).filteredOn(outcome -> !outcome.replayed()).hasSize(1);
    }

    @Test
    void manyRequestsThatOpenOneStreamWriteOnce() throws Exception {
        String id = fresh("rush");
        Call call = keyed(freshKey());
        List<Outcome> outcomes = atOnce(i -> commands.send(new TrialCommand.Open(id, id), call));

        assertThat(eventsOf(id)).isEqualTo(1);
        assertThat(outcomes).filteredOn(outcome -> !outcome.replayed()).hasSize(1);
    }

    @Test
    void theSameKeyWithAnotherBodyIsRefused() {
        String id = open("reuse");
        String key = freshKey();
        commands.send(new TrialCommand.Count(id, 1), keyed(key, "one"));
        assertThat(refusal(() -> commands.send(new TrialCommand.Count(id, 2), keyed(key, "two"))))
                .isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(eventsOf(id)).isEqualTo(2);
    }

    @Test
    void aKeySpentOnOneStreamOpensNoOther() throws Exception {
        String key = freshKey();
        String first = fresh("spent");
        String second = fresh("spent");
        commands.send(new TrialCommand.Open(first, first), keyed(key, first));
        assertThat(refusal(() -> commands.send(new TrialCommand.Open(second, second), keyed(key, second))))
                .isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(eventsOf(second)).isZero();
    }

    @Test
    void aKeyThatRacesForManyStreamsOpensOne() throws Exception {
        String key = freshKey();
        String kind = fresh("race");
        List<String> codes = atOnce(i -> {
            try {
                String id = kind + "-" + i;
                commands.send(new TrialCommand.Open(id, id), keyed(key, id));
                return "opened";
            } catch (RuleBroken refused) {
                return refused.code();
            }
        });
        assertThat(codes).filteredOn("opened"::equals).hasSize(1);
        assertThat(codes).filteredOn("IDEMPOTENCY_KEY_REUSED"::equals).hasSize(REQUESTS - 1);
        assertThat(jdbc.sql("SELECT count(*) FROM event_log WHERE stream_id LIKE :streams")
                        .param("streams", "trial/" + kind + "-%")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void aRepeatAnswersTheSameAfterTheCacheIsGoneAndFromAnotherNode() {
        String id = open("repeat");
        Call call = keyed(freshKey());
        Outcome first = commands.send(new TrialCommand.Count(id, 4, 5), call);
        count(id, 6);

        cache.removeAll();
        Outcome afterRestart = commands.send(new TrialCommand.Count(id, 4, 5), call);
        assertThat(afterRestart.replayed()).isTrue();
        assertThat(afterRestart.events()).isEqualTo(first.events());

        try (SecondNode other = SecondNode.beside(environment)) {
            Outcome elsewhere = other.get(Commands.class).send(new TrialCommand.Count(id, 4, 5), call);
            assertThat(elsewhere.replayed()).isTrue();
            assertThat(elsewhere.events()).isEqualTo(first.events());
        }
        assertThat(eventsOf(id)).isEqualTo(4);
    }

    @Test
    void aKeyThatTheStreamNoLongerRemembersIsStillSpent() {
        String id = fresh("forgotten");
        Call opening = keyed(freshKey());
        Call once = keyed(freshKey());
        Call counting = keyed(freshKey());
        commands.send(new TrialCommand.Open(id, id), opening);
        commands.send(new TrialCommand.CountOnce(id, 3), once);
        Outcome first = commands.send(new TrialCommand.Count(id, 1, 2), counting);
        for (int i = 0; i < Answered.KEPT; i++) {
            commands.send(new TrialCommand.Count(id, 3), keyed(freshKey()));
        }
        long events = eventsOf(id);

        // decided anew, these would be recorded again, refused, and left without an event
        Outcome again = commands.send(new TrialCommand.Count(id, 1, 2), counting);
        assertThat(again.replayed()).isTrue();
        assertThat(again.events()).isEqualTo(first.events());
        assertThat(commands.send(new TrialCommand.Open(id, id), opening).replayed())
                .isTrue();
        assertThat(commands.send(new TrialCommand.CountOnce(id, 3), once).events())
                .hasSize(1);
        assertThat(refusal(
                        () -> commands.send(new TrialCommand.Count(id, 9), keyed(counting.idempotencyHash(), "other"))))
                .isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(eventsOf(id)).isEqualTo(events);
    }

    @Test
    void aRefusedRequestIsDecidedAnew() {
        String id = fresh("anew");
        Call call = keyed(freshKey());
        assertThat(refusal(() -> commands.send(new TrialCommand.Count(id, 1), call)))
                .isEqualTo("NOT_FOUND");
        commands.send(new TrialCommand.Open(id, id), plain());
        assertThat(commands.send(new TrialCommand.Count(id, 1), call).replayed())
                .isFalse();
    }

    @Test
    void aRequestThatChangesNothingSpendsItsKeyToo() {
        String id = open("nothing");
        count(id, 3);
        String key = freshKey();
        Outcome first = commands.send(new TrialCommand.CountOnce(id, 3), keyed(key, "three"));
        assertThat(first.replayed()).isFalse();
        assertThat(first.changedNothing()).isTrue();
        assertThat(refusal(() -> commands.send(new TrialCommand.CountOnce(id, 4), keyed(key, "four"))))
                .isEqualTo("IDEMPOTENCY_KEY_REUSED");

        // decided anew, it would be counted by now
        count(id, 5);
        long events = eventsOf(id);
        assertRepeated(first, commands.send(new TrialCommand.CountOnce(id, 3), keyed(key, "three")));
        cache.removeAll();
        assertRepeated(first, commands.send(new TrialCommand.CountOnce(id, 3), keyed(key, "three")));
        try (SecondNode other = SecondNode.beside(environment)) {
            assertRepeated(
                    first, other.get(Commands.class).send(new TrialCommand.CountOnce(id, 3), keyed(key, "three")));
        }
        assertThat(eventsOf(id)).isEqualTo(events);
    }

    private static void assertRepeated(Outcome first, Outcome again) {
        assertThat(again.replayed()).isTrue();
        assertThat(again.events()).isEqualTo(first.events());
    }

    @Test
    void ofManyRequestsUnderOneKeyOnTwoNodesOneIsAcceptedWhetherItChangesSomethingOrNot() throws Exception {
        String id = open("nothing");
        count(id, 3);
        String key = freshKey();
        try (SecondNode node = SecondNode.beside(environment)) {
            Commands elsewhere = node.get(Commands.class);
            List<String> codes = atOnce(i -> {
                Commands one = i % 2 == 0 ? commands : elsewhere;
                TrialCommand command = i % 8 == 7 ? new TrialCommand.Count(id, 3) : new TrialCommand.CountOnce(id, 3);
                try {
                    one.send(command, keyed(key, "body " + i));
                    return "accepted";
                } catch (RuleBroken refused) {
                    return refused.code();
                }
            });
            assertThat(codes).filteredOn("IDEMPOTENCY_KEY_REUSED"::equals).hasSize(REQUESTS - 1);
            assertThat(codes).filteredOn("accepted"::equals).hasSize(1);
        }
        assertThat(eventsOf(id)).isEqualTo(3);
    }

    @Test
    void nothingIsRecordedOfARequestThatChangesNothingAndHasNoKeyOrIsTheLedgersOwn() {
        String id = open("nothing");
        count(id, 3);
        assertThat(commands.send(new TrialCommand.CountOnce(id, 3), plain()).events())
                .isEmpty();
        Call own = Call.byLedger(freshKey(), id, "correlation");
        assertThat(commands.send(new TrialCommand.CountOnce(id, 3), own).events())
                .isEmpty();
        assertThat(eventsOf(id)).isEqualTo(2);
    }

    interface Request<T> {
        T of(int number);
    }

    private <T> List<T> atOnce(Request<T> request) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            int number = i;
            futures.add(threads.submit(() -> {
                start.await();
                return request.of(number);
            }));
        }
        start.countDown();
        List<T> answers = new ArrayList<>();
        for (Future<T> future : futures) {
            answers.add(future.get());
        }
        return answers;
    }
}
