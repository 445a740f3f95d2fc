package uk.directpayments.ledger.payout;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.payout.Payables.Account;
import uk.directpayments.ledger.payout.Payables.Due;
import uk.directpayments.ledger.payout.Payables.Paid;
import uk.directpayments.ledger.payout.Payables.Part;
import uk.directpayments.ledger.payout.RunEvent.Item;
import uk.directpayments.ledger.payout.RunEvent.Originator;
import uk.directpayments.ledger.payout.RunEvent.Remark;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.policy.Policies;

/**
 * Finds what a run pays: every instalment due by the cut-off that no payment and no other run has taken, with what a person should know of
 * it. To be asked by one run at a time. The remarks are a forecast; when it is issued, the account itself decides.
 */
@Component
class RunSelection {

    private static final int PART = 500;
    private static final int END_TO_END_ID = 35;
    private static final int REFERENCE = 18;
    private static final String CARD = "card ";

    private final Payables payables;
    private final Sealing sealing;
    private final PayoutSettings settings;
    private final Policies policies;

    RunSelection(Payables payables, Sealing sealing, PayoutSettings settings, Policies policies) {
        this.payables = payables;
        this.sealing = sealing;
        this.settings = settings;
        this.policies = policies;
    }

    /** @param knownTo the position of the log at which the accounts of the items stood as these say */
    record Selected(List<Item> items, long knownTo) {}

    /** @throws RuleBroken {@code RUN_TOO_LARGE}, {@code FIGURE_UNAVAILABLE}, {@code POSITION_NOT_REACHED} */
    Selected select(LocalDate cutOff, LocalDate payDate, LocalDate today) {
        long knownTo = payables.reached(today);
        Selecting selecting = new Selecting(payDate, today);
        Due last = null;
        Part part;
        do {
            part = payables.due(cutOff, last, PART, knownTo);
            sealing.warm(part.accounts().values().stream()
                    .map(Account::personId)
                    .distinct()
                    .toList());
            for (Due due : part.due()) {
                selecting.consider(due, part);
                last = due;
            }
        } while (part.due().size() == PART);
        return new Selected(selecting.selected(), knownTo);
    }

    /** One selection: what has been taken so far bears on what comes. */
    private final class Selecting {

        private final LocalDate payDate;
        private final LocalDate today;
        private final int coolingOffDays;
        private final List<Item> items = new ArrayList<>();
        private final Map<String, Money> taken = new HashMap<>();
        private final Map<String, String> bankAccounts = new HashMap<>();
        private final Set<String> days = new HashSet<>();
        private final Set<String> endToEndIds = new HashSet<>();
        /** Where in the items cards are loaded: by their references as Bacs writes them, then as they are. */
        private final Map<String, Map<String, List<Integer>>> cards = new HashMap<>();

        Selecting(LocalDate payDate, LocalDate today) {
            this.payDate = payDate;
            this.today = today;
            this.coolingOffDays = policies.on(today).settings().number("coolingOffDays");
        }

        void consider(Due due, Part part) {
            Account account = part.accounts().get(due.accountId());
            if (account == null || account.closedOn() != null) {
                return;
            }
            Optional<Terms.Line> line = account.terms()
                    .line(due.lineId())
                    .filter(found -> due.accountId().equals(found.accountId()))
                    .filter(found -> !due.payOn().isAfter(lastDay(account, found)));
            if (line.isEmpty()) {
                return; // it can never be paid: the line has gone elsewhere, or had ended when it was due
            }
            if (items.size() == settings.mostItems()) {
                throw new RuleBroken(
                        "RUN_TOO_LARGE",
                        "More than " + settings.mostItems()
                                + " instalments are due (setting ledger.payout.most-items): choose an earlier cut-off.",
                        "cutOff");
            }
            String instalment = due.instalmentId();
            String name = name(account, part.payees().get(Payables.payee(account)), payDate);
            String details = details(account);
            PayTo payTo = payTo(details, name, instalment);
            Set<Remark> remarks =
                    remarks(due, account, line.get(), part.paid().getOrDefault(due.accountId(), Map.of()));
            if (payTo == null) {
                remarks.add(Remark.NO_BANK_DETAILS);
            } else if (details.startsWith(CARD)) {
                cards.computeIfAbsent(BacsStandard18.text(payTo.reference()), none -> new HashMap<>())
                        .computeIfAbsent(payTo.reference(), none -> new ArrayList<>())
                        .add(items.size());
            }
            if (remarks.stream().noneMatch(Remark::holds)) {
                taken.merge(due.accountId() + "/" + due.lineId(), due.amount(), Money::plus);
            }
            items.add(new Item(
                    items.size() + 1,
                    due.accountId(),
                    account.personId(),
                    due.lineId(),
                    instalment,
                    endToEndId(due),
                    due.payOn(),
                    due.amount(),
                    due.contribution(),
                    due.amount().minus(due.contribution()),
                    payTo == null ? null : sealing.seal(account.personId(), payTo.text()),
                    List.copyOf(remarks)));
        }

        /** A platform has the reference alone to tell whose card to load: none of the cards is loaded that the bank's file would name alike. */
        List<Item> selected() {
            cards.values().stream()
                    .filter(alike -> alike.size() > 1)
                    .flatMap(alike -> alike.values().stream())
                    .flatMap(List::stream)
                    .forEach(i -> items.set(i, items.get(i).nowhere()));
            return List.copyOf(items);
        }

        private Set<Remark> remarks(Due due, Account account, Terms.Line line, Map<String, Paid> paid) {
            Set<Remark> remarks = new TreeSet<>();
            if (paid.values().stream().mapToInt(Paid::payments).sum() == 0) {
                remarks.add(Remark.FIRST_PAYMENT);
            }
            String token = account.bankToken();
            if (token != null
                    && !due.accountId().equals(bankAccounts.merge(token, due.accountId(), (first, other) -> first))) {
                remarks.add(Remark.SAME_BANK_ACCOUNT);
            }
            if (!days.add(due.accountId() + "/" + due.lineId() + "/" + due.payOn())) {
                remarks.add(Remark.DUPLICATE);
            }
            LocalDate changed = account.bankChangedOn();
            if (changed != null && today.isBefore(changed.plusDays(coolingOffDays))) {
                remarks.add(Remark.BANK_DETAILS_CHANGED);
            }
            if (account.suspendedOn(payDate)) {
                remarks.add(Remark.SUSPENDED);
            }
            if (payDate.isAfter(lastDay(account, line))) {
                remarks.add(Remark.BUDGET_ENDED);
            }
            if (!account.terms().consented(payDate)) {
                remarks.add(Remark.CONSENT_REQUIRED);
            }
            Money before = paid.getOrDefault(due.lineId(), Paid.NOTHING)
                    .amount()
                    .plus(line.paidElsewhere())
                    .plus(taken.getOrDefault(due.accountId() + "/" + due.lineId(), Money.ZERO));
            if (before.plus(due.amount()).isMoreThan(account.terms().allocation(line, countsOn(due)))) {
                remarks.add(Remark.ABOVE_ALLOCATION);
            }
            return remarks;
        }

        /** As the account counts it when the payment is issued. */
        private LocalDate countsOn(Due due) {
            return payDate.isBefore(due.payOn()) || payDate.isAfter(due.countsOn()) ? payDate : due.countsOn();
        }

        private String endToEndId(Due due) {
            String id = due.instalmentId();
            if (id.length() > END_TO_END_ID || !endToEndIds.add(id)) {
                id = Hashes.hex("end to end", due.accountId(), id).substring(0, 32);
                endToEndIds.add(id);
            }
            return id;
        }
    }

    private static LocalDate lastDay(Account account, Terms.Line line) {
        LocalDate last = account.terms().lastDay(line);
        return account.diedOn() == null ? last : BusinessDay.earlier(last, account.diedOn());
    }

    /** Where the account's money lies, as it was sealed; {@link Sealing#ERASED} if it has nowhere. */
    private String details(Account account) {
        Sealed details = account.bankDetails();
        return details == null ? Sealing.ERASED : sealing.open(account.personId(), details);
    }

    private @Nullable PayTo payTo(String known, String name, String instalmentId) {
        if (known.equals(Sealing.ERASED) || name.equals(Sealing.ERASED)) {
            return null;
        }
        String[] words = known.split(" ");
        if (!known.startsWith(CARD)) {
            String reference = "DP " + instalmentId;
            return new PayTo(
                    words[1],
                    words[2],
                    name,
                    reference.length() <= REFERENCE ? reference : "DP " + reference.substring(reference.length() - 15));
        }
        Originator platform = settings.cards();
        return platform == null
                ? null
                : new PayTo(platform.sortCode(), platform.accountNumber(), platform.name(), words[1]);
    }

    /** In whose name the account is paid on a day; {@link Sealing#ERASED} if nobody consents to be, or is known any more. */
    private String name(Account account, @Nullable Payee payee, LocalDate payDate) {
        if (payee == null) {
            return Sealing.ERASED;
        }
        String organisation = payee.organisation();
        return organisation != null
                ? organisation
                : payee.recipient(account.holderType(), payDate)
                        .map(name -> sealing.open(account.personId(), name))
                        .orElse(Sealing.ERASED);
    }
}
