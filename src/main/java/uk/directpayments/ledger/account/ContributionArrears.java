package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountEvent.ContributionReceived;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.Recorded;
import uk.directpayments.ledger.platform.Rows;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.platform.When;

/**
 * The client's contributions, expected against received: rulebook 4.8. One is expected on the day on which the council paid net of it, unless
 * the payment came back. What comes in settles the oldest first.
 */
@Component
public class ContributionArrears extends Projection<Rows> {

    /**
     * The contributions of one account by a day.
     *
     * @param arrears     expected less received; negative: paid ahead
     * @param oldest      the day of the oldest contribution that is not wholly settled, or null
     * @param to30        of the arrears, those expected in the 30 days before
     * @param to90        31 to 90 days old
     * @param to180       91 to 180
     * @param older       181 and more
     */
    public record Arrears(
            String accountId,
            Money expected,
            Money received,
            Money arrears,
            @Nullable LocalDate oldest,
            Money to30,
            Money to90,
            Money to180,
            Money older) {}

    private record Expected(LocalDate on, Money amount) {}

    private record Row(String accountId, LocalDate on, Money expected, Money received) {}

    ContributionArrears() {
        super("contribution-arrears", Order.BY_ACCOUNT, "contribution_arrears");
    }

    @When
    void on(PaymentIssued e, Recorded at, Rows rows) {
        add(at, e.on(), e.contribution(), Money.ZERO, rows);
    }

    /** Nothing was paid after all, so nothing was expected on the day of the payment; what is expected now is less. */
    @When
    void on(PaymentReturned e, Recorded at, Rows rows) {
        add(at, e.on(), e.contribution().negated(), Money.ZERO, rows);
    }

    @When
    void on(ContributionReceived e, Recorded at, Rows rows) {
        add(at, e.on(), Money.ZERO, e.amount(), rows);
    }

    private static void add(Recorded at, LocalDate on, Money expected, Money received, Rows rows) {
        if (!expected.isZero() || !received.isZero()) {
            rows.add(at.account(), on, at.position(), expected.pence(), received.pence());
        }
    }

    @Override
    protected Rows buffer() {
        return new Rows(
                "contribution_arrears",
                "account_id text",
                "occurred_on date",
                "position bigint",
                "expected_pence bigint",
                "received_pence bigint");
    }

    @Override
    protected void write(Rows rows) {
        rows.insert(jdbc());
    }

    /**
     * The contributions of accounts. One that has none is not in arrears; one whose figures are unavailable at present is not in the answer.
     *
     * @throws uk.directpayments.ledger.kernel.RuleBroken {@code POSITION_NOT_REACHED}
     */
    public Map<String, Arrears> of(Collection<String> accountIds, View view) {
        long position = position(view);
        Set<String> wanted = new HashSet<>(accountIds);
        wanted.removeAll(unavailable(position));
        Map<String, List<Row>> rows = new LinkedHashMap<>();
        jdbc().sql("""
                        SELECT account_id, occurred_on, sum(expected_pence)::bigint, sum(received_pence)::bigint
                          FROM contribution_arrears
                         WHERE account_id = ANY(:accounts) AND occurred_on <= :asOf AND position <= :position
                         GROUP BY account_id, occurred_on ORDER BY account_id, occurred_on""")
                .param("accounts", wanted.toArray(String[]::new))
                .param("asOf", view.asOf())
                .param("position", position)
                .query((row, i) -> rows.computeIfAbsent(row.getString(1), none -> new ArrayList<>())
                        .add(new Row(
                                row.getString(1),
                                row.getObject(2, LocalDate.class),
                                Money.ofPence(row.getLong(3)),
                                Money.ofPence(row.getLong(4)))))
                .list();
        Map<String, Arrears> arrears = new LinkedHashMap<>();
        wanted.stream()
                .sorted()
                .forEach(account ->
                        arrears.put(account, aged(account, rows.getOrDefault(account, List.of()), view.asOf())));
        return arrears;
    }

    /** @param rows in the order of their days */
    private static Arrears aged(String accountId, List<Row> rows, LocalDate asOf) {
        Money expected = Money.ZERO;
        Money settled = Money.ZERO;
        Money received = Money.ZERO;
        Deque<Expected> open = new ArrayDeque<>();
        for (Row row : rows) {
            expected = expected.plus(row.expected);
            received = received.plus(row.received);
            settled = settled.plus(row.received);
            if (row.expected.isPositive()) {
                open.add(new Expected(row.on, row.expected));
            } else {
                settled = settled.plus(takenBack(open, row.expected.negated()));
            }
        }
        while (!open.isEmpty() && !open.peek().amount.isMoreThan(settled)) {
            settled = settled.minus(open.remove().amount);
        }
        Money[] bands = {Money.ZERO, Money.ZERO, Money.ZERO, Money.ZERO};
        LocalDate oldest = open.isEmpty() ? null : open.peek().on;
        for (Expected one : open) {
            int band = band(ChronoUnit.DAYS.between(one.on, asOf));
            bands[band] = bands[band].plus(one.amount.minus(settled));
            settled = Money.ZERO;
        }
        return new Arrears(
                accountId,
                expected,
                received,
                expected.minus(received),
                oldest,
                bands[0],
                bands[1],
                bands[2],
                bands[3]);
    }

    /**
     * Takes what came back with a payment off what was expected: a bounce follows its payment closely, so off the newest of that amount, else
     * off the newest there are. Off the oldest it would make arrears younger than they are.
     *
     * @return what was not among them
     */
    private static Money takenBack(Deque<Expected> open, Money amount) {
        for (Iterator<Expected> newest = open.descendingIterator(); newest.hasNext(); ) {
            if (newest.next().amount.equals(amount)) {
                newest.remove();
                return Money.ZERO;
            }
        }
        Money left = amount;
        while (left.isPositive() && !open.isEmpty()) {
            Expected newest = open.removeLast();
            Money part = newest.amount.least(left);
            left = left.minus(part);
            if (newest.amount.isMoreThan(part)) {
                open.add(new Expected(newest.on, newest.amount.minus(part)));
            }
        }
        return left;
    }

    private static int band(long days) {
        return days <= 30 ? 0 : days <= 90 ? 1 : days <= 180 ? 2 : 3;
    }
}
