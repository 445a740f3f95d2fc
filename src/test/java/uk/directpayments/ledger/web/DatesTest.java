package uk.directpayments.ledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatesTest {

    private static final Instant NOW = Instant.parse("2026-06-30T16:43:20.500Z");

    @ParameterizedTest
    @CsvSource({
        "2026-06-30T17:42, 2026-06-30T16:42:59.999999999Z, a minute in London to its end",
        "2026-01-30T17:42, 2026-01-30T17:42:59.999999999Z, the same in winter",
        "2026-06-30T17:43, 2026-06-30T16:43:20.500Z, the minute that is now as far as it has come",
        "2026-06-30T17:44, 2026-06-30T16:44:00Z, a minute to come is left for the API to refuse",
        "2026-06-30T17:42:10, 2026-06-30T16:42:10Z, a second as it is",
        "2026-06-30T16:42:10.123Z, 2026-06-30T16:42:10.123Z, an instant as it is",
        "soon, soon, what is no moment as it is"
    })
    void aMinuteThatWasPickedStandsForTheWholeOfIt(String picked, String asked, String why) {
        assertThat(new Dates(null, picked, NOW).instant()).as(why).isEqualTo(asked);
    }
}
