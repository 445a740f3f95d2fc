package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemTest {

    @ParameterizedTest
    @CsvSource({
        "400, MONEY_INVALID FIELD_INVALID FIELD_UNKNOWN BODY_INVALID CURSOR_INVALID ID_INVALID",
        "401, UNAUTHENTICATED",
        "403, FORBIDDEN",
        "404, NOT_FOUND ACCOUNT_NOT_FOUND PAYMENT_NOT_FOUND STAY_NOT_FOUND",
        "409, ID_ALREADY_USED PERIOD_SEALED DUPLICATE_TRANSACTION SEPARATION_OF_DUTIES AMOUNTS_DIFFER EXCEEDS_ALLOCATION"
                + " REFUND_EXCEEDS_ORIGINAL NOT_APPROVED BALANCE_NOT_ZERO STATEMENT_GAP",
        "410, CONTENT_ERASED",
        "413, TOO_LARGE",
        "415, MEDIA_TYPE_UNSUPPORTED",
        "422, AMOUNT_ZERO AMOUNT_NOT_POSITIVE AMOUNT_OVER_TRANSACTION REASONS_REQUIRED DATE_IN_FUTURE DATE_BEFORE_START"
                + " DATE_BEFORE_OPENING ACTUAL_STAY_IN_FUTURE STAY_ENDS_BEFORE_START LINES_DO_NOT_SUM EHC_PLAN_REQUIRED"
                + " RECIPIENT_NOT_PERMITTED DEDICATED_ACCOUNT_REQUIRED SCHOOL_PLACE_NOT_ALLOWED BANK_DETAILS_INVALID"
                + " SETTING_OUT_OF_RANGE STATEMENT_DOES_NOT_BALANCE STATEMENT_UNREADABLE CURRENCY_NOT_SUPPORTED"
                + " IDEMPOTENCY_KEY_REUSED",
        "429, TOO_MANY_REQUESTS",
        "503, BUSY POSITION_NOT_REACHED FIGURE_UNAVAILABLE OUTCOME_UNKNOWN"
    })
    void everyCodeOfTheContractHasItsStatus(int status, String codes) {
        for (String code : codes.split(" ")) {
            assertThat(Problem.of(code, "words").status()).as(code).isEqualTo(status);
        }
    }
}
