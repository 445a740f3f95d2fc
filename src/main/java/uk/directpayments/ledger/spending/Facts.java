package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.residential.Stay;

/** What detection needs to know of one person besides the expenditures themselves, as the log has told it so far. Immutable, small. */
record Facts(
        @Nullable LocalDate eighteenOn,
        @Nullable LocalDate childUntil,
        SortedMap<String, Account> accounts,
        SortedMap<String, Budget> budgets,
        SortedMap<String, StayFact> stays) {

    static final Facts NOTHING = new Facts(null, null, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    /** @param until the day of resumption, no longer suspended; null while it lasts */
    record Suspension(LocalDate from, @Nullable LocalDate until) {}

    /**
     * @param balance   of everything recorded so far
     * @param overspent the expenditure that took it below nothing, and by how much; null while it is not
     * @param payeDue   days on which tax for an employee is due, unsettled or not
     * @param hmrcPaid  days on which HMRC was paid, and it has not all come back
     */
    record Account(
            String budgetId,
            LegalBasis legalBasis,
            List<Suspension> suspensions,
            @Nullable LocalDate diedOn,
            Money balance,
            @Nullable Overspent overspent,
            SortedSet<LocalDate> payeDue,
            SortedSet<LocalDate> hmrcPaid) {

        boolean suspendedOn(LocalDate day) {
            return suspensions.stream()
                    .anyMatch(s -> !day.isBefore(s.from) && (s.until == null || day.isBefore(s.until)));
        }

        Account with(List<Suspension> suspensions, @Nullable LocalDate diedOn) {
            return new Account(
                    budgetId, legalBasis, List.copyOf(suspensions), diedOn, balance, overspent, payeDue, hmrcPaid);
        }

        Account with(Money balance, @Nullable Overspent overspent) {
            return new Account(budgetId, legalBasis, suspensions, diedOn, balance, overspent, payeDue, hmrcPaid);
        }

        Account taxDue(LocalDate day) {
            SortedSet<LocalDate> days = new TreeSet<>(payeDue);
            days.add(day);
            return new Account(budgetId, legalBasis, suspensions, diedOn, balance, overspent, days, hmrcPaid);
        }

        Account taxPaid(LocalDate day, boolean paid) {
            SortedSet<LocalDate> days = new TreeSet<>(hmrcPaid);
            if (paid) {
                days.add(day);
            } else {
                days.remove(day);
            }
            return new Account(budgetId, legalBasis, suspensions, diedOn, balance, overspent, payeDue, days);
        }
    }

    record Overspent(String expenditureId, LocalDate on, Money by) {}

    /** @param to the last day that the agreement covers, or null; before {@code from} if it never covered any */
    record Relative(
            String agreementId,
            String payeeKey,
            LocalDate from,
            @Nullable LocalDate to) {

        boolean covers(LocalDate day) {
            return !day.isBefore(from) && (to == null || !day.isAfter(to));
        }
    }

    /**
     * @param allows     what plan items permit
     * @param recipients keys of those who receive the payments
     * @param endedOn    the last day, if somebody has ended it
     */
    record Budget(
            SortedSet<String> allows,
            List<Relative> relatives,
            SortedSet<String> recipients,
            @Nullable LocalDate endedOn) {

        static final Budget NOTHING = new Budget(new TreeSet<>(), List.of(), new TreeSet<>(), null);

        Budget allowing(Stream<String> codes) {
            SortedSet<String> all = new TreeSet<>(allows);
            codes.forEach(all::add);
            return new Budget(all, relatives, recipients, endedOn);
        }

        Budget relative(Relative agreed) {
            List<Relative> more = new ArrayList<>(relatives);
            more.add(agreed);
            return new Budget(allows, List.copyOf(more), recipients, endedOn);
        }

        Budget withdrawn(String agreementId, LocalDate on) {
            return new Budget(
                    allows,
                    relatives.stream()
                            .map(one -> one.agreementId.equals(agreementId)
                                    ? new Relative(agreementId, one.payeeKey, one.from, on.minusDays(1))
                                    : one)
                            .toList(),
                    recipients,
                    endedOn);
        }

        Budget recipient(String key) {
            SortedSet<String> more = new TreeSet<>(recipients);
            more.add(key);
            return new Budget(allows, relatives, more, endedOn);
        }

        Budget ended(LocalDate on) {
            LocalDate last = endedOn == null || on.isBefore(endedOn) ? on : endedOn;
            return new Budget(allows, relatives, recipients, last);
        }
    }

    /**
     * @param order in which stays were recorded
     * @param paid  whether an expenditure is linked to it
     * @param policyVersion by which it is judged: the one in force on the day of admission, when it was last said to be
     */
    record StayFact(
            String accountId,
            Stay.Facts facts,
            boolean planned,
            boolean voided,
            int order,
            boolean paid,
            String policyVersion) {

        StayFact with(Stay.Facts next, boolean nextPlanned, boolean nextVoided, String nextVersion) {
            return new StayFact(accountId, next, nextPlanned, nextVoided, order, paid, nextVersion);
        }

        StayFact payment() {
            return new StayFact(accountId, facts, planned, voided, order, true, policyVersion);
        }

        StayFact judgedBy(String version) {
            return with(facts, planned, voided, version);
        }

        boolean effective() {
            return !planned && !voided;
        }
    }

    Facts account(String id, Account account) {
        return new Facts(eighteenOn, childUntil, and(accounts, id, account), budgets, stays);
    }

    Facts budget(String id, Budget budget) {
        return new Facts(eighteenOn, childUntil, accounts, and(budgets, id, budget), stays);
    }

    Facts stay(String id, StayFact stay) {
        return new Facts(eighteenOn, childUntil, accounts, budgets, and(stays, id, stay));
    }

    Facts ages(@Nullable LocalDate eighteenth, @Nullable LocalDate until) {
        return new Facts(eighteenth, until, accounts, budgets, stays);
    }

    Budget budgetOf(Account account) {
        return budgets.getOrDefault(account.budgetId, Budget.NOTHING);
    }

    private static <T> SortedMap<String, T> and(Map<String, T> all, String id, T one) {
        SortedMap<String, T> more = new TreeMap<>(all);
        more.put(id, one);
        return more;
    }
}
