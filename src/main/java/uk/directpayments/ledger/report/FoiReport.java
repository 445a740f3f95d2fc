package uk.directpayments.ledger.report;

import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.budget.BudgetEntry;
import uk.directpayments.ledger.budget.BudgetEvent.Mode;
import uk.directpayments.ledger.budget.BudgetStatus;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;

/**
 * Counts that may be published: people with a budget in force by legal basis, and by funding source and mode with its value; refusals by legal
 * basis. Counts under 5 are suppressed, see {@link SmallCounts}; nothing is added up, so that no sum gives one away. Rulebook 4.21.
 */
@Component
class FoiReport extends Report {

    private static final List<Column> COLUMNS = List.of(
            Column.text("measure"),
            Column.text("legalBasis"),
            Column.text("fundingSource"),
            Column.text("mode"),
            Column.number("count"),
            Column.money("annualAmount").notTotalled(),
            Column.yesNo("suppressed"));

    private enum Measure {
        PEOPLE_BY_LEGAL_BASIS,
        PEOPLE_BY_SOURCE_AND_MODE,
        REFUSALS_BY_LEGAL_BASIS
    }

    /** What is counted together; ordered, so that the rows are. */
    private record Group(
            @Nullable LegalBasis basis,
            @Nullable FundingSource source,
            @Nullable Mode mode) implements Comparable<Group> {

        @Override
        public int compareTo(Group other) {
            return key().compareTo(other.key());
        }

        private String key() {
            return "%s/%02d/%s".formatted(basis, source == null ? 0 : source.ordinal(), mode);
        }
    }

    /** Who or what was counted, by id: somebody with two budgets is one person. */
    private static final class Cell {
        private final Set<String> ids = new HashSet<>();
        private Money value = Money.ZERO;
    }

    private static final class Counts {
        private final Map<Measure, Map<Group, Cell>> cells = new TreeMap<>();

        private Cell cell(Measure measure, Group group) {
            return cells.computeIfAbsent(measure, none -> new TreeMap<>()).computeIfAbsent(group, none -> new Cell());
        }
    }

    private final BudgetPages budgets;

    FoiReport(BudgetPages budgets) {
        super("foi-counts", COLUMNS, Set.of());
        this.budgets = budgets;
    }

    @Override
    public void rows(Question asked, Consumer<Row> each) {
        LocalDate asOf = asked.view().asOf();
        Counts counts = new Counts();
        Set<String> unavailable = new TreeSet<>();
        budgets.each(
                asked,
                seen -> {
                    if (!seen.isKnown()) {
                        unavailable.add(seen.entry().personId());
                    } else {
                        count(seen, asOf, counts);
                    }
                },
                unavailable::add);
        for (Measure measure : Measure.values()) {
            if (!unavailable.isEmpty()) {
                each.accept(Row.unavailable(measure));
            } else {
                rows(measure, counts.cells.getOrDefault(measure, Map.of()), each);
            }
        }
    }

    private static void count(BudgetPages.Seen seen, LocalDate asOf, Counts counts) {
        BudgetEntry budget = seen.entry();
        LegalBasis basis = budget.request().legalBasis();
        if (seen.status() == BudgetStatus.REFUSED) {
            counts.cell(Measure.REFUSALS_BY_LEGAL_BASIS, new Group(basis, null, null))
                    .ids
                    .add(budget.budgetId());
        }
        for (InForce line : InForce.of(seen, asOf)) {
            Cell ofBasis = counts.cell(Measure.PEOPLE_BY_LEGAL_BASIS, new Group(basis, null, null));
            Cell ofSource = counts.cell(
                    Measure.PEOPLE_BY_SOURCE_AND_MODE,
                    new Group(null, line.terms().source(), line.mode()));
            for (Cell cell : List.of(ofBasis, ofSource)) {
                cell.ids.add(budget.personId());
                cell.value = cell.value.plus(line.annualAmount());
            }
        }
    }

    private static void rows(Measure measure, Map<Group, Cell> cells, Consumer<Row> each) {
        List<Map.Entry<Group, Cell>> counted = List.copyOf(cells.entrySet());
        Set<Integer> hidden = SmallCounts.hidden(
                counted.stream().map(entry -> entry.getValue().ids.size()).toList());
        for (int i = 0; i < counted.size(); i++) {
            Group group = counted.get(i).getKey();
            Cell cell = counted.get(i).getValue();
            boolean suppressed = hidden.contains(i);
            boolean valued = measure != Measure.REFUSALS_BY_LEGAL_BASIS && !suppressed;
            each.accept(Row.of(
                    measure,
                    group.basis,
                    group.source,
                    group.mode,
                    suppressed ? null : cell.ids.size(),
                    valued ? cell.value : null,
                    suppressed));
        }
    }
}
