package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.account.ModulusCheck.Result;

/** Do sort code and account number fit each other? Tables in the banks' format, made up for the purpose. */
class ModulusCheckTest {

    private static final String MOD10 = "089000 089999 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1";
    private static final String MOD11 = "107000 107999 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1";
    private static final String DBLAL = "200000 200999 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 1";

    private static Result check(String account, String... rows) {
        return ModulusCheck.of(List.of(rows)).check(account.substring(0, 6), account.substring(7));
    }

    @Test
    void withoutATableNothingIsCheckedAndTheAnswerSaysSo() {
        assertThat(ModulusCheck.off().check("089999", "66374958")).isEqualTo(Result.OFF);
    }

    @Test
    void eachKindOfCheckPassesWhatFitsAndFailsOneWrongDigit() {
        assertThat(check("089999 66374958", MOD10)).isEqualTo(Result.PASSED);
        assertThat(check("089999 66374959", MOD10)).isEqualTo(Result.FAILED);
        assertThat(check("107999 00000019", MOD11)).isEqualTo(Result.PASSED); // 2 + 9 = 11
        assertThat(check("107999 00000018", MOD11)).isEqualTo(Result.FAILED);
        assertThat(check("200000 00000014", DBLAL)).isEqualTo(Result.PASSED); // 4 + 2 + 4 = 10
        assertThat(check("200000 00000015", DBLAL)).isEqualTo(Result.FAILED);
    }

    @Test
    void everyRowOfASortCodeMustFit() {
        String second = "089000 089999 MOD11 0 0 0 0 0 0 0 0 0 0 0 0 0 1";
        assertThat(check("089999 66374958", MOD10, second)).isEqualTo(Result.FAILED);
        assertThat(check("089999 00000000", MOD10, second)).isEqualTo(Result.PASSED);
    }

    @Test
    void whatTheTableDoesNotCoverPassesAndTheAnswerSaysSo() {
        assertThat(check("300000 12345678", MOD10, MOD11)).isEqualTo(Result.NOT_COVERED);
        assertThat(check("000001 12345678", MOD10)).isEqualTo(Result.NOT_COVERED);
        assertThat(check("089999 12345678", MOD10 + " 5")).isEqualTo(Result.NOT_COVERED);
        assertThat(check("089999 41234577", MOD10 + " 6"))
                .as("a foreign currency")
                .isEqualTo(Result.NOT_COVERED);
        assertThat(check("089999 11234677", MOD10 + " 6")).isEqualTo(Result.FAILED);
    }

    @Test
    void theExceptionsThatAreUnderstoodChangeTheSum() {
        assertThat(check("200000 00000009", DBLAL)).isEqualTo(Result.FAILED);
        assertThat(check("200000 00000009", DBLAL + " 1")).as("27 more").isEqualTo(Result.PASSED);
        assertThat(check("107999 10000010", MOD11)).isEqualTo(Result.FAILED);
        assertThat(check("107999 10000010", MOD11 + " 4"))
                .as("the remainder is the last two digits")
                .isEqualTo(Result.PASSED);
        assertThat(check("107999 13000094", MOD11)).isEqualTo(Result.FAILED);
        assertThat(check("107999 13000094", MOD11 + " 7"))
                .as("g is 9: a and b do not count")
                .isEqualTo(Result.PASSED);
    }

    @Test
    void aTableThatIsNoneIsRefusedAtTheStart() {
        assertThatThrownBy(() -> ModulusCheck.of(List.of(MOD10, "rubbish")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> ModulusCheck.of(List.of(""))).isInstanceOf(IllegalArgumentException.class);
    }
}
