package uk.directpayments.ledger.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static uk.directpayments.ledger.intake.BankFiles.camt;
import static uk.directpayments.ledger.intake.BankFiles.entry;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;

/** What is read of statements and their lines on the two dates, and how they must be sent. */
class StatementReadsTest extends RunningLedger {

    private static final String PATH = "/api/v1/statements";

    private String account;
    private String statement;
    private String before;

    @BeforeEach
    void aStatementOfThreeLines() {
        account = opened("2026-01-01", "2026-12-31", "1000.00").accountId();
        spend("10.00", "2026-03-05");
        spend("10.00", "2026-03-06");
        before = Instant.now().toString();
        statement = PATH + "/"
                + ok(finance()
                                .upload(
                                        PATH,
                                        camt(
                                                "0.00",
                                                "-5.00",
                                                entry("2026-03-05", "-10.00", "Somebody", "R1"),
                                                entry("2026-03-10", "-2.00", "Bus", "R2"),
                                                entry("2026-03-14", "7.00", "Aunt", "R3")),
                                        "accountId",
                                        account))
                        .json()
                        .path("statementId")
                        .asString();
    }

    @Test
    void aFileThatIsNotSentAsAFormIsOfAWrongType() {
        for (String path : List.of(PATH, PATH + "/preview")) {
            for (String type : List.of("application/json", "text/csv", "application/octet-stream")) {
                Answer sent = finance().post(path, "{}", "Content-Type", type);
                assertThat(sent.status()).as(path + " " + type).isEqualTo(415);
                assertThat(sent.code()).isEqualTo("MEDIA_TYPE_UNSUPPORTED");
            }
            Answer untyped = finance().send("POST", path, BodyPublishers.ofString("x"));
            assertThat(untyped.code()).as(untyped.toString()).isEqualTo("MEDIA_TYPE_UNSUPPORTED");
        }
    }

    private void spend(String amount, String on) {
        ok(finance()
                .post(
                        "/api/v1/accounts/" + account + "/expenditures",
                        "{\"amount\":\"%s\",\"on\":\"%s\",\"payee\":\"Shop\"}".formatted(amount, on)));
    }
}
