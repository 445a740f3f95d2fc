package uk.directpayments.ledger.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static uk.directpayments.ledger.intake.CardFeedRefusalsTest.feed;
import static uk.directpayments.ledger.intake.CardFeedRefusalsTest.good;
import static uk.directpayments.ledger.intake.CardFeedRefusalsTest.with;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import uk.directpayments.ledger.kernel.RuleBroken;

class StatementFormatsTest {

    private final StatementFormats formats =
            new StatementFormats(List.of(new CardFeedReader(StatementLimits.DEFAULT, null)));

    @Test
    void aCardFeedIsRecognisedByItsHeader() {
        byte[] sample = Heard.resource("card-feed.csv");

        assertThat(formats.reader(null, Arrays.copyOf(sample, StatementFormats.HEAD_BYTES))
                        .format())
                .isEqualTo("card-feed");
        assertThat(formats.reader(null, Heard.resource("card-feed-every-type.csv"))
                        .format())
                .isEqualTo("card-feed");
        assertThat(formats.reader(null, bytes("\uFEFF\"txnId\", accountRef \r\n"))
                        .format())
                .isEqualTo("card-feed");
    }

    @Test
    void aHeadThatEndsWithinACharacterOrAQuotationIsStillRecognised() {
        byte[] feed = bytes(feed(with(good("T-1"), "merchantName", "商”店")));
        for (int length = feed().length(); length <= feed.length; length++) {
            assertThat(formats.reader(null, Arrays.copyOf(feed, length)).format())
                    .isEqualTo("card-feed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "date,amount\n2026-03-01,1.00\n",
                "accountRef,amount\n",
                "\"accountRef,txnId",
                ":20:START\n:25:GB/1\n",
                "<?xml version=\"1.0\"?><Document/>",
                "%PDF-1.7 accountRef txnId",
                "\u0000\u0001\u0002"
            })
    void anythingElseIsUnreadable(String file) {
        assertThatExceptionOfType(RuleBroken.class)
                .isThrownBy(() -> formats.reader(null, bytes(file)))
                .matches(refused -> refused.code().equals("STATEMENT_UNREADABLE"))
                .withMessageContaining("card-feed");
    }

    @Test
    void everyFormatOfABankIsRecognisedByItsContent() {
        StatementFormats all = new IntakeConfiguration().statementFormats(1_000, 65_536, 10);
        assertThat(all.reader(null, bytes(BankFiles.camt("0.00", "0.00"))).format())
                .isEqualTo("camt.053");
        assertThat(all.reader(null, BankFiles.camt("0.00", "0.00").getBytes(StandardCharsets.UTF_16))
                        .format())
                .isEqualTo("camt.053");
        assertThat(all.reader(null, bytes(BankFiles.ofx("GBP", List.of()))).format())
                .isEqualTo("ofx");
        assertThat(all.reader(null, bytes(BankFiles.mt940("C260301GBP0,", "C260301GBP0,")))
                        .format())
                .isEqualTo("mt940");
        assertThat(all.reader(null, bytes("Date;Details;Paid in;Paid out\n")).format())
                .isEqualTo("csv");
        assertThat(all.reader(null, Heard.resource("card-feed.csv")).format()).isEqualTo("card-feed");
    }

    @Test
    void aFormatThatIsNamedIsTakenAtItsWordAndAnUnknownNameIsRefused() {
        assertThat(formats.reader("card-feed", bytes("anything")).format()).isEqualTo("card-feed");
        assertThatExceptionOfType(RuleBroken.class)
                .isThrownBy(() -> formats.reader("fax", bytes("")))
                .matches(refused -> refused.code().equals("FIELD_INVALID"))
                .matches(refused -> "format".equals(refused.field()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
