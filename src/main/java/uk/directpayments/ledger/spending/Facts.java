package uk.directpayments.ledger.spending;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.budget.BudgetEnd;
import uk.directpayments.ledger.budget.BudgetEvent.BudgetEnded;
import uk.directpayments.ledger.kernel.Lists;
import uk.directpayments.ledger.residential.Stay;

/** What detection needs to know of one person besides the expenditures themselves, as the log has told it so far. Immutable, small. */
record Facts(
        @Nullable LocalDate eighteenOn,
        @Nullable LocalDate childUntil,
        SortedMap<String, AccountFacts> accounts,
        SortedMap<String, Budget> budgets,
        SortedMap<String, StayFact> stays) {

    static final Facts NOTHING = new Facts(null, null, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

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

    /** @param until the first day without the consent, or null */
    record Recipient(
            String consentId,
            String payeeKey,
            LocalDate from,
            @Nullable LocalDate until) {

        private boolean receives(LocalDate day) {
            return !day.isBefore(from) && (until == null || day.isBefore(until));
        }
    }

    /**
     * @param allows     what plan items permit
     * @param recipients who receives the payments, or did: several at a time, each from a consent until its withdrawal
     * @param end        whether and why it ends; the date of a death may be corrected
     */
    record Budget(SortedSet<String> allows, List<Relative> relatives, List<Recipient> recipients, BudgetEnd end) {

        static final Budget NOTHING = new Budget(new TreeSet<>(), List.of(), List.of(), BudgetEnd.NONE);

        /** Whether the payments are received on a day by somebody. */
        boolean receives(String payeeKey, LocalDate day) {
            return recipients.stream().anyMatch(one -> one.payeeKey.equals(payeeKey) && one.receives(day));
        }

        Budget allowing(Stream<String> codes) {
            SortedSet<String> all = new TreeSet<>(allows);
            codes.forEach(all::add);
            return new Budget(all, relatives, recipients, end);
        }

        Budget relative(Relative agreed) {
            return new Budget(allows, Lists.and(relatives, agreed), recipients, end);
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
                    end);
        }

        Budget recipient(Recipient consented) {
            return new Budget(allows, relatives, Lists.and(recipients, consented), end);
        }

        Budget consentWithdrawn(String consentId, LocalDate on) {
            return new Budget(
                    allows,
                    relatives,
                    recipients.stream()
                            .map(one -> one.consentId.equals(consentId)
                                    ? new Recipient(consentId, one.payeeKey, one.from, on)
                                    : one)
                            .toList(),
                    end);
        }

        Budget ended(BudgetEnded e) {
            return new Budget(allows, relatives, recipients, end.with(e));
        }
    }

    /**
     * @param order in which stays were recorded
     * @param payments the expenditures that are linked to it, by key, so far as they have not come back whole
     * @param policyVersion by which it is judged: the one in force on the day of admission, when it was last said to be
     */
    record StayFact(
            String accountId,
            Stay.Facts facts,
            boolean planned,
            boolean voided,
            int order,
            SortedSet<String> payments,
            String policyVersion) {

        StayFact with(Stay.Facts next, boolean nextPlanned, boolean nextVoided, String nextVersion) {
            return new StayFact(accountId, next, nextPlanned, nextVoided, order, payments, nextVersion);
        }

        StayFact payment(String key, boolean linked) {
            SortedSet<String> now = new TreeSet<>(payments);
            if (linked) {
                now.add(key);
            } else {
                now.remove(key);
            }
            return new StayFact(accountId, facts, planned, voided, order, now, policyVersion);
        }

        boolean isPaid() {
            return !payments.isEmpty();
        }

        StayFact judgedBy(String version) {
            return with(facts, planned, voided, version);
        }

        boolean effective() {
            return !planned && !voided;
        }
    }

    /** The same, but for what accounts hold: nothing, unless it is said. */
    Facts holding(Map<String, AccountFacts.Held> held) {
        SortedMap<String, AccountFacts> all = new TreeMap<>(accounts);
        all.replaceAll((id, account) -> account.holding(held.getOrDefault(id, account.nothing())));
        return new Facts(eighteenOn, childUntil, all, budgets, stays);
    }

    Facts account(String id, AccountFacts account) {
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

    Budget budgetOf(AccountFacts account) {
        return budgets.getOrDefault(account.budgetId(), Budget.NOTHING);
    }

    private static <T> SortedMap<String, T> and(Map<String, T> all, String id, T one) {
        SortedMap<String, T> more = new TreeMap<>(all);
        more.put(id, one);
        return more;
    }
}
