package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.serialization.SimpleSerializedObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be read again is no snapshot: Axon would pass over it without a word and read the whole stream. */
class SnapshotsTest {

    private static final EventNames NAMES = EventNames.in(List.of(AxonPlatform.BASE_PACKAGE));
    private final EventJson json = new EventJson(NAMES);

    static Stream<Class<?>> aggregates() {
        return NAMES.all().values().stream().filter(LedgerStream.class::isAssignableFrom);
    }

    @ParameterizedTest
    @MethodSource("aggregates")
    void theSnapshotOfEveryAggregateIsReadAgain(Class<?> aggregate) throws ReflectiveOperationException {
        Constructor<?> constructor = aggregate.getDeclaredConstructor();
        constructor.setAccessible(true);
        String written = write(constructor.newInstance());
        assertThat(write(read(aggregate, written))).isEqualTo(written).contains("\"answered\"");
    }

    @Test
    void everythingThatABudgetKeepsIsReadAgain() throws ClassNotFoundException {
        String snapshot = """
                {"accounts":["A1"],"answered":{"byKey":{}},\
                "care":{"agreements":{"R":{"from":"2026-04-01","to":"2027-03-31","withdrawn":true}},"closed":["D"],\
                "disputes":{"D":"2026-04-02"},"reconsidered":true,"reviews":2},\
                "consents":{"C":{"on":"2026-01-01","withdrawn":true}},"end":{"diedOn":"2026-05-01"},"from":"2026-04-01",\
                "legalBasis":"TRAVEL","lines":[{"lineId":"l","payable":true,\
                "amounts":[{"from":"2026-04-01","annualAmount":"1.00"}],"accountId":"A1","paidBefore":"2.00"}],\
                "personId":"P","requestedOn":"2026-01-01","status":"FINAL","streamId":"budget/B","to":"2027-03-31","topUps":3}""";
        Class<?> budget = Class.forName(AxonPlatform.BASE_PACKAGE + ".budget.Budget");
        assertThat(json.getObjectMapper().readTree(write(read(budget, snapshot))))
                .isEqualTo(json.getObjectMapper().readTree(snapshot));
    }

    private String write(Object aggregate) {
        return json.serialize(aggregate, String.class).getData();
    }

    private Object read(Class<?> aggregate, String snapshot) {
        return json.deserialize(new SimpleSerializedObject<>(snapshot, String.class, NAMES.typeOf(aggregate)));
    }
}
