package uk.directpayments.ledger.intake;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.intake.StatementEvent.LineOutcome;
import uk.directpayments.ledger.intake.StatementEvent.LineSplit;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.Money;

/**
 * A line of a statement, or a part of one. See {@link LineOutcome}.
 *
 * @param lineId     its number; of a part from the second on, with a full stop and the part's number
 * @param state      null if it was rejected and nobody has said more
 * @param told       what the bank said that it is, however it has been split since; null of a part
 * @param parts      into how many it has been split, 1 if it has not
 * @param byHand     a person has dealt with it: the ledger itself says no more of it
 * @param since      of a rejected line its day or, if that could not be read or lies later, the day on which it came in; else null
 */
record Line(
        String statementId,
        String lineId,
        int lineNumber,
        @Nullable String accountId,
        StatementLine.@Nullable Kind kind,
        @Nullable LineState state,
        List<String> transactionIds,
        @Nullable Long refHash,
        @Nullable Money amount,
        @Nullable Money told,
        @Nullable LocalDate on,
        @Nullable String code,
        @Nullable String words,
        int parts,
        boolean byHand,
        @Nullable LocalDate since) {

    /** @param cameIn the day on which it was dealt with */
    static Line of(String statementId, LineOutcome outcome, LocalDate cameIn) {
        LocalDate day = outcome.on() == null || outcome.on().isAfter(cameIn) ? cameIn : outcome.on();
        return new Line(
                statementId,
                outcome.lineId(),
                outcome.lineNumber(),
                outcome.accountId(),
                outcome.kind(),
                switch (outcome.result()) {
                    case RECORDED, MATCHED -> LineState.MATCHED;
                    case UNMATCHED -> LineState.UNMATCHED;
                    case SUGGESTED -> LineState.SUGGESTED;
                    case DUPLICATE, REJECTED -> null;
                },
                outcome.transactionId() == null ? List.of() : List.of(outcome.transactionId()),
                outcome.refHash(),
                outcome.amount(),
                outcome.amount(),
                outcome.on(),
                outcome.code(),
                outcome.words(),
                1,
                false,
                outcome.result() == StatementEvent.Result.REJECTED ? day : null);
    }

    /** A part of a line that was split. @param part from 2 */
    static Line partOf(String statementId, LineSplit split, int part) {
        return new Line(
                statementId,
                partId(split.lineId(), part),
                numberOf(split.lineId()),
                split.accountId(),
                split.kind(),
                LineState.UNMATCHED,
                List.of(),
                null,
                split.amounts().get(part - 1),
                null,
                split.on(),
                null,
                null,
                1,
                true,
                null);
    }

    static String partId(String lineId, int part) {
        return lineId + "." + part;
    }

    private static int numberOf(String lineId) {
        int stop = lineId.indexOf('.');
        return Integer.parseInt(stop < 0 ? lineId : lineId.substring(0, stop));
    }

    /** Where it stands in the order of all lines. */
    static String place(String statementId, String lineId) {
        int stop = lineId.indexOf('.');
        return "%s/%010d%s".formatted(statementId, numberOf(lineId), stop < 0 ? "" : lineId.substring(stop));
    }

    String place() {
        return place(statementId, lineId);
    }

    /** It waits for a person, or for what explains it. */
    boolean isOpen() {
        return state == LineState.UNMATCHED || state == LineState.SUGGESTED;
    }

    /** Whether its day, of a rejected one {@link #since}, has come by another; of a line without one that is not known. */
    boolean hasCome(LocalDate day) {
        return on == null || !(since == null ? on : since).isAfter(day);
    }

    /** It is matched with what the ledger has recorded of it: an expenditure, or what came back of one. */
    boolean isOwn() {
        return transactionIds.contains(ownId("expenditure", statementId, lineNumber))
                || transactionIds.contains(ownId("refund", statementId, lineNumber));
    }

    /** The id of what is recorded of a line: the same however often that is tried. @param kind a word for what it is */
    static String ownId(String kind, String statementId, int lineNumber) {
        String of = Hashes.hex("statement", statementId, Integer.toString(lineNumber), kind);
        return UUID.nameUUIDFromBytes(of.getBytes(StandardCharsets.US_ASCII)).toString();
    }

    /** The import has refused it, whatever a person has said of it since. */
    boolean isRejected() {
        return since != null;
    }

    /** As a command needs it; only of a line that was not rejected. */
    LineCommand.Facts facts() {
        return new LineCommand.Facts(
                lineId,
                Objects.requireNonNull(accountId),
                Objects.requireNonNull(kind),
                Objects.requireNonNull(state),
                Objects.requireNonNull(amount),
                Objects.requireNonNull(on),
                parts);
    }

    /** The ledger itself has found what explains it. */
    Line matchedWith(String transactionId) {
        return with(LineState.MATCHED, List.of(transactionId), amount, parts, byHand);
    }

    /** A person has said what it is. */
    Line byHand(@Nullable LineState now, List<String> with) {
        return with(now, with, amount, parts, true);
    }

    /** A person has split it: it keeps the first amount. */
    Line firstOf(List<Money> amounts) {
        return with(LineState.UNMATCHED, List.of(), amounts.get(0), amounts.size(), true);
    }

    private Line with(
            @Nullable LineState now, List<String> with, @Nullable Money nowAmount, int nowParts, boolean nowByHand) {
        return new Line(
                statementId,
                lineId,
                lineNumber,
                accountId,
                kind,
                now,
                with,
                refHash,
                nowAmount,
                told,
                on,
                code,
                words,
                nowParts,
                nowByHand,
                since);
    }
}
