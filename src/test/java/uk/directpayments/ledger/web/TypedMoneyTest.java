package uk.directpayments.ledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypedMoneyTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "620 | 620",
                "£620.00 | 620.00",
                "£ 620 | 620",
                "£1,234.50 | 1234.50",
                "1 234 567.5 | 1234567.5",
                "12,345,678 | 12345678",
                "−£12.50 | -12.50",
                "-£1,234 | -1234"
            })
    void poundsAndWhatPartsThousandsAreLeftOut(String typed, String sent) {
        assertThat(TypedMoney.plain(typed)).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"620,00", "12,50", "1,23,456", "12 50", "1,2345", "1.234,50", "1,234,5", ",123", "12£50", "ten"})
    void whatMayMeanAnotherAmountStaysAsItIs(String typed) {
        assertThat(TypedMoney.plain(typed)).isEqualTo(typed);
    }
}
