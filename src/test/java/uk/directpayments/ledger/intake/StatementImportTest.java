package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.intake.StatementEvent.BankBalancesTold;
import uk.directpayments.ledger.intake.StatementEvent.LineMatched;
import uk.directpayments.ledger.intake.StatementEvent.LineOutcome;
import uk.directpayments.ledger.intake.StatementEvent.LinesProcessed;
import uk.directpayments.ledger.intake.StatementEvent.Result;
import uk.directpayments.ledger.intake.StatementEvent.StatementFinished;
import uk.directpayments.ledger.intake.StatementEvent.StatementReceived;
import uk.directpayments.ledger.intake.StatementEvent.Totals;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.support.Fixtures;

class StatementImportTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 4, 1);
    private static final StatementReceived RECEIVED =
            new StatementReceived("S-1", "card-feed", "ab".repeat(32), 100, 3, null, 7);
    private static final LinesProcessed TWO =
            new LinesProcessed(List.of(outcome(2, Result.RECORDED), outcome(4, Result.UNMATCHED)));
    private static final LinesProcessed ONE = new LinesProcessed(List.of(outcome(5, Result.REJECTED)));

    private static final AccountAccess.Owner OWNER = new AccountAccess.Owner("A-1", "P-1", "B-1");

    private static final Sealed REASON = new Sealed("sealed");

    private final Fixtures<StatementImport> nothing = Fixtures.of(StatementImport.class);
    private final Fixtures<StatementImport> received = nothing.given(RECEIVED);

    @Test
    void aFileIsReceivedWithTheFactThatItWasNotKnownBefore() {
        nothing.when(receive(null)).records(RECEIVED).occurredOn(TODAY);
    }

    @Test
    void anIdIsUsedOnceAndAFileWhoseEveryLineIsInTheLedgerIsRefused() {
        received.when(receive(null)).refuses("ID_ALREADY_USED");
        nothing.when(receive(new StatementCommand.SameFile("S-0"))).refuses("STATEMENT_ALREADY_IMPORTED");
        nothing.when(receive(new StatementCommand.SameFile(null))).refuses("STATEMENT_ALREADY_IMPORTED");
    }

    @Test
    void aBanksStatementIsReceivedWithItsBalancesAndAGapIsAcceptedWithAReasonAlone() {
        nothing.when(bank(false, null)).records(RECEIVED, told(null)).occurredOn(TODAY);
        nothing.when(bank(true, null)).refuses("STATEMENT_GAP");
        nothing.when(bank(true, REASON)).records(RECEIVED, told(REASON));
        nothing.when(bank(false, REASON)).records(RECEIVED, told(null));
    }

    private static StatementCommand bank(boolean gap, @Nullable Sealed reason) {
        BankBalancesTold told = told(null);
        List<Money> onFirstDay = List.of(Money.parse("12.00"));
        StatementCommand.BankStatement bank = new StatementCommand.BankStatement(
                OWNER, told.from(), told.to(), told.opening(), told.closing(), onFirstDay, null, gap, reason);
        return new StatementCommand.ReceiveStatement(
                "S-1", "card-feed", "ab".repeat(32), 100, 3, null, null, 7, bank, null, TODAY);
    }

    private static BankBalancesTold told(@Nullable Sealed reason) {
        return new BankBalancesTold(
                "A-1",
                LocalDate.of(2026, 3, 1),
                LocalDate.of(2026, 3, 31),
                Money.parse("10.00"),
                Money.parse("20.00"),
                null,
                reason,
                List.of(Money.parse("12.00")));
    }

    @Test
    void linesAreRecordedOnceInTheOrderOfTheFile() {
        received.when(record(0, TWO)).records(TWO);
        received.given(TWO).when(record(4, ONE)).records(ONE);
        received.given(TWO).when(record(0, TWO)).refuses("BUSY");
        received.given(TWO).when(record(2, ONE)).refuses("BUSY");
    }

    @Test
    void finishingCountsWhatTheLinesBecameAndEndsThem() {
        StatementFinished finished = new StatementFinished(new Totals(1, 0, 1, 0, 1));
        received.given(TWO, ONE)
                .when(new StatementCommand.FinishStatement("S-1", null, TODAY))
                .records(finished);
        received.given(TWO, ONE, finished)
                .when(new StatementCommand.FinishStatement("S-1", null, TODAY))
                .recordsNothing();
        received.given(TWO, ONE, finished).when(record(5, ONE)).refuses("BUSY");
    }

    @Test
    void aLineThatWaitsIsMatchedOnce() {
        LineMatched matched = new LineMatched(4, Result.MATCHED, "P-1");
        StatementCommand match = new StatementCommand.MatchLine("S-1", 4, Result.MATCHED, "P-1", OWNER, TODAY);
        received.given(TWO).when(match).records(matched);
        received.given(TWO, matched).when(match).refuses("LINE_ALREADY_MATCHED");
        received.given(TWO)
                .when(new StatementCommand.MatchLine("S-1", 2, Result.MATCHED, "P-1", OWNER, TODAY))
                .refuses("LINE_ALREADY_MATCHED");
        received.given(TWO, matched, ONE)
                .when(new StatementCommand.FinishStatement("S-1", null, TODAY))
                .records(new StatementFinished(new Totals(1, 1, 0, 0, 1)));
    }

    @Test
    void aRefusedLineIsIgnoredWithAReasonAndHeededAgainWithOne() {
        received.given(ONE)
                .when(ignore(false, REASON))
                .records(new StatementEvent.LineIgnored("5", REASON))
                .occurredOn(TODAY);
        received.given(ONE).when(ignore(false, null)).refuses("REASONS_REQUIRED");
        received.given(ONE).when(ignore(true, REASON)).refuses("LINE_ALREADY_MATCHED");
        received.given(ONE).when(heed(true, REASON)).records(new StatementEvent.LineUnmatched("5", REASON));
        received.given(ONE).when(heed(true, null)).refuses("REASONS_REQUIRED");
        received.given(ONE).when(heed(false, REASON)).refuses("LINE_NOT_MATCHED");
    }

    private static StatementCommand ignore(boolean ignored, @Nullable Sealed reason) {
        return new LineCommand.IgnoreRejected("S-1", "5", ignored, reason, OWNER, TODAY);
    }

    private static StatementCommand heed(boolean ignored, @Nullable Sealed reason) {
        return new LineCommand.HeedRejected("S-1", "5", ignored, reason, OWNER, TODAY);
    }

    @Test
    void theMappingOfACardFeedIsKept() {
        Fixtures.of(StatementImport.class)
                .when(new StatementCommand.ReceiveStatement(
                        "S-1", "card-feed", "ab".repeat(32), 100, 3, null, null, 7, null, "{}", TODAY))
                .records(
                        new StatementEvent.StatementReceived("S-1", "card-feed", "ab".repeat(32), 100, 3, null, 7),
                        new StatementEvent.FeedMappingTold("{}"));
    }

    private static StatementCommand receive(StatementCommand.@Nullable SameFile same) {
        return new StatementCommand.ReceiveStatement(
                "S-1", "card-feed", "ab".repeat(32), 100, 3, null, same, 7, null, null, TODAY);
    }

    private static StatementCommand record(int afterLine, LinesProcessed lines) {
        return new StatementCommand.RecordLines("S-1", afterLine, lines.outcomes(), null, TODAY);
    }

    private static LineOutcome outcome(int lineNumber, Result result) {
        return new LineOutcome(
                lineNumber,
                "A-1",
                StatementLine.Kind.REFUND,
                result,
                null,
                77L,
                Money.parse("1.00"),
                LocalDate.of(2026, 3, 2),
                result == Result.REJECTED ? "DATE_BEFORE_OPENING" : null,
                result == Result.REJECTED ? "Too early." : null);
    }
}
