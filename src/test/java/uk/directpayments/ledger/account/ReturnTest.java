package uk.directpayments.ledger.account;

import static uk.directpayments.ledger.account.AccountWords.*;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.account.AccountEvent.Document;
import uk.directpayments.ledger.account.AccountEvent.ReturnAccepted;
import uk.directpayments.ledger.account.AccountEvent.ReturnQueried;
import uk.directpayments.ledger.account.AccountEvent.ReturnReceived;
import uk.directpayments.ledger.account.AccountEvent.ReturnReminded;
import uk.directpayments.ledger.account.AccountEvent.ReturnRequested;
import uk.directpayments.ledger.account.AccountEvent.RiskBandSet;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.support.Fixtures;

/** Returns: asked for, received, queried, accepted. Rulebook 4.18, 7.8. */
class ReturnTest {

    private static final LocalDate DUE = TODAY.plusDays(28);
    private static final Document DOCUMENT = new Document("ab".repeat(32), REASON);

    private static final Map<String, Integer> CYCLE = Map.of("default", 12, "HIGH", 3, "LOW", 24);

    private final Fixtures<PaymentAccount> account = account();
    private final Fixtures<PaymentAccount> requested = account.given(requested("R1", null, DUE));
    private final Fixtures<PaymentAccount> received = requested.given(new ReturnReceived("R1", List.of(), TODAY));

    @Test
    void aReturnIsDueOnTheDayThatIsNamed() {
        account.when(request("R1", DUE)).records(requested("R1", null, DUE));
        requested.when(request("R1", DUE)).refuses("ID_ALREADY_USED");
    }

    @Test
    void aReturnIsOtherwiseDueWhenTheCycleComesRoundNext() {
        LocalDate next = FROM.plusMonths(3);
        while (next.isBefore(TODAY)) {
            next = next.plusMonths(3);
        }
        account.when(request("R1", null)).records(requested("R1", "HIGH", next));
        requested.when(request("R2", null)).records(requested("R2", "HIGH", DUE.plusMonths(3)));
        account.given(requested("R1", null, DUE), requested("R0", null, FROM))
                .when(request("R2", null))
                .records(requested("R2", "HIGH", DUE.plusMonths(3)));
    }

    @Test
    void theAccountsOwnRiskBandOfTheDaySaysWhichCycleCounts() {
        account.when(request("R1", null, null)).records(requested("R1", "default", FROM.plusMonths(12)));
        var low = account.given(new RiskBandSet("HIGH", REASON, FROM), new RiskBandSet("LOW", REASON, TODAY));
        low.when(request("R1", null, null)).records(requested("R1", "LOW", FROM.plusMonths(24)));
        low.given(new RiskBandSet("default", REASON, FROM.plusDays(1)))
                .when(request("R1", null, null))
                .records(requested("R1", "default", FROM.plusMonths(12)));
        account.given(new RiskBandSet("LOW", REASON, TODAY.plusDays(1)))
                .when(request("R1", null, null))
                .records(requested("R1", "default", FROM.plusMonths(12)));
    }

    @Test
    void aRiskBandIsOneOfThePolicysAndHasAReasonAndADay() {
        account.when(setRiskBand("HIGH", REASON, FROM)).records(new RiskBandSet("HIGH", REASON, FROM));
        account.when(setRiskBand("HIGHER", REASON, FROM)).refuses("FIELD_INVALID");
        account.when(setRiskBand("HIGH", null, FROM)).refuses("REASONS_REQUIRED");
        account.when(setRiskBand("HIGH", REASON, FROM.minusDays(1))).refuses("DATE_BEFORE_OPENING");
    }

    @Test
    void whatHasNotComeIsRemindedOf() {
        requested.when(remind("R1", TODAY)).records(new ReturnReminded("R1", TODAY));
        requested.when(remind("R1", TODAY.plusDays(1))).refuses("DATE_IN_FUTURE");
        received.when(remind("R1", TODAY)).refuses("RETURN_ALREADY_RECEIVED");
        account.when(remind("R1", TODAY)).refuses("RETURN_NOT_FOUND");
    }

    private static AccountCommand remind(String id, LocalDate on) {
        return new AccountCommand.RemindReturn(ACCOUNT, id, on, TODAY);
    }

    @Test
    void aReturnIsReceivedInPartsAndLateToo() {
        requested.when(receive("R1", TODAY)).records(new ReturnReceived("R1", List.of(DOCUMENT), TODAY));
        received.when(receive("R1", TODAY)).records(new ReturnReceived("R1", List.of(DOCUMENT), TODAY));
        account.given(requested("R1", null, TODAY.minusDays(1)))
                .when(receive("R1", TODAY))
                .records(new ReturnReceived("R1", List.of(DOCUMENT), TODAY));
    }

    @Test
    void whatHasNotComeIsNeitherAcceptedNorQueried() {
        requested.when(new AccountCommand.AcceptReturn(ACCOUNT, "R1", TODAY)).refuses("RETURN_NOT_RECEIVED");
        requested.when(query("R1", REASON)).refuses("RETURN_NOT_RECEIVED");
        requested.when(receive("R1", TODAY.plusDays(1))).refuses("DATE_IN_FUTURE");
        requested.when(receive("R1", FROM.minusDays(1))).refuses("DATE_BEFORE_OPENING");
    }

    @Test
    void aQueryNeedsAReasonAndIsAnsweredByAReceiptOrAccepted() {
        received.when(query("R1", null)).refuses("REASONS_REQUIRED");
        received.when(query("R1", REASON)).records(new ReturnQueried("R1", REASON, TODAY));
        var queried = received.given(new ReturnQueried("R1", REASON, TODAY));
        queried.when(receive("R1", TODAY)).records(new ReturnReceived("R1", List.of(DOCUMENT), TODAY));
        queried.when(new AccountCommand.AcceptReturn(ACCOUNT, "R1", TODAY)).records(new ReturnAccepted("R1", TODAY));
    }

    @Test
    void whatIsAcceptedStaysAccepted() {
        var accepted = received.given(new ReturnAccepted("R1", TODAY));
        accepted.when(new AccountCommand.AcceptReturn(ACCOUNT, "R1", TODAY)).refuses("RETURN_ALREADY_ACCEPTED");
        accepted.when(query("R1", REASON)).refuses("RETURN_ALREADY_ACCEPTED");
        accepted.when(receive("R1", TODAY)).refuses("RETURN_ALREADY_ACCEPTED");
        accepted.when(request("R1", DUE)).refuses("ID_ALREADY_USED");
        accepted.when(receive("R2", TODAY)).refuses("RETURN_NOT_FOUND");
    }

    @Test
    void aClosedAccountIsAskedForItsLastReturn() {
        account.given(new AccountEvent.AccountClosed(TODAY, Map.of()))
                .when(request("R1", DUE))
                .records(requested("R1", null, DUE));
    }

    private static ReturnRequested requested(String id, @Nullable String band, LocalDate due) {
        return new ReturnRequested(id, "2026-Q1", band, due, TODAY);
    }

    private static AccountCommand request(String id, @Nullable LocalDate due) {
        return request(id, "HIGH", due);
    }

    private static AccountCommand request(String id, @Nullable String riskBand, @Nullable LocalDate due) {
        return new AccountCommand.RequestReturn(ACCOUNT, id, "2026-Q1", riskBand, due, CYCLE, POLICY, TODAY);
    }

    private static AccountCommand setRiskBand(String riskBand, @Nullable Sealed reason, LocalDate from) {
        return new AccountCommand.SetRiskBand(ACCOUNT, riskBand, reason, from, CYCLE, POLICY, TODAY);
    }

    private static AccountCommand receive(String id, LocalDate on) {
        return new AccountCommand.ReceiveReturn(ACCOUNT, id, List.of(DOCUMENT), on, TODAY);
    }

    private static AccountCommand query(String id, @Nullable Sealed reason) {
        return new AccountCommand.QueryReturn(ACCOUNT, id, reason, TODAY);
    }
}
