package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.intake.SeenLines.Sight;
import uk.directpayments.ledger.intake.StatementSources.Kept;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Policies;
import uk.directpayments.ledger.policy.Policy;

/**
 * What lines that are worked on together share: asked for once, not for each of them or of their accounts.
 *
 * @param opened    by their numbers; none of erased people
 * @param come      what earlier files have told under their references
 * @param elsewhere what other formats have told
 * @param told      the expenditures that cards' lines may be, which somebody has recorded before, by the lines' numbers
 * @param policyOn  by which they are classified
 */
record LinesTogether(
        Map<Integer, StatementLine> opened,
        ComeBefore come,
        ToldElsewhere elsewhere,
        Map<Integer, List<String>> told,
        Function<LocalDate, Policy> policyOn,
        Call call,
        LocalDate today) {

    /** Of a line that waits, which has been looked at before. */
    static LinesTogether none(Policies policies, Call call, LocalDate today) {
        return new LinesTogether(
                Map.of(), new ComeBefore(Map.of()), new ToldElsewhere(), Map.of(), policies::on, call, today);
    }

    /** A line, and whose it is. */
    record Owned(StatementLine line, String accountId, String personId) {}

    /** Asks. */
    @Component
    static class Reader {

        private final StatementSources sources;
        private final StatementRegister register;
        private final StatementLines statementLines;
        private final FreeEntries freeEntries;
        private final Policies policies;
        private final Sealing sealing;
        private final LineReferences references;

        Reader(
                StatementSources sources,
                StatementRegister register,
                StatementLines statementLines,
                FreeEntries freeEntries,
                Policies policies,
                Sealing sealing,
                LineReferences references) {
            this.sources = sources;
            this.register = register;
            this.statementLines = statementLines;
            this.freeEntries = freeEntries;
            this.policies = policies;
            this.sealing = sealing;
            this.references = references;
        }

        /** @param lines those that are worked on together, for the first time */
        LinesTogether read(Statement statement, List<Kept> lines, Call call, LocalDate today) {
            List<Kept> known = lines.stream()
                    .filter(line -> line.accountId() != null && line.code() == null)
                    .toList();
            sealing.warm(known.stream()
                    .flatMap(line -> Stream.ofNullable(line.subject()))
                    .collect(Collectors.toSet()));
            List<Owned> owned = new ArrayList<>();
            for (Kept kept : known) {
                sources.open(kept)
                        .ifPresent(line -> owned.add(new Owned(
                                line,
                                Objects.requireNonNull(kept.accountId()),
                                Objects.requireNonNull(kept.subject()))));
            }
            Map<Integer, StatementLine> opened = new HashMap<>();
            owned.forEach(one -> opened.put(one.line.lineNumber(), one.line));
            View now = View.now(today);
            ToldElsewhere elsewhere = new ToldElsewhere();
            elsewhere.expect(ToldElsewhere.Telling.of(statement), owned, register, statementLines, now);
            return new LinesTogether(
                    opened,
                    come(owned, now),
                    elsewhere,
                    told(owned, now.at(statement.receivedAt()), now),
                    policies.now(),
                    call,
                    today);
        }

        ComeBefore come(List<Owned> lines, View view) {
            return statementLines.come(
                    lines.stream()
                            .flatMap(one -> references.all(one.accountId, one.line).stream())
                            .toList(),
                    view);
        }

        Sight see(ComeBefore come, Owned one) {
            return come.see(references.all(one.accountId, one.line), one.line);
        }

        /** @param before the lines' file came then: what they become themselves is none that another of them is */
        Map<Integer, List<String>> told(List<Owned> lines, View before, View now) {
            List<MatchEntries.Spending> spending = lines.stream()
                    .filter(one ->
                            LineRecorder.saysSpending(one.line) && one.line.kind() != StatementLine.Kind.SPENDING)
                    .map(one -> new MatchEntries.Spending(
                            one.line.lineNumber(),
                            one.accountId,
                            sealing.opaque(one.personId, LineRecorder.payee(one.line)),
                            one.line.amount(),
                            one.line.on()))
                    .toList();
            return spending.isEmpty() ? Map.of() : freeEntries.spent(spending, LineRecorder.DAYS_APART, before, now);
        }
    }
}
