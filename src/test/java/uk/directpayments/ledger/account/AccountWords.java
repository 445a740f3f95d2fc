package uk.directpayments.ledger.account;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountCommand.IssuePayment;
import uk.directpayments.ledger.account.AccountCommand.RecordExpenditure;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.AccountType;
import uk.directpayments.ledger.account.AccountEvent.ExpenditureRecorded;
import uk.directpayments.ledger.account.AccountEvent.HolderType;
import uk.directpayments.ledger.account.AccountEvent.PaymentIssued;
import uk.directpayments.ledger.account.AccountEvent.PaymentReturned;
import uk.directpayments.ledger.account.AccountEvent.Share;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.support.Fixtures;

/** The account of these tests, {@code ACC-1}: one budget year from April 2025, and today is 1 December 2025. */
final class AccountWords {

    static final String ACCOUNT = "ACC-1";
    static final LocalDate FROM = LocalDate.of(2025, 4, 1);
    static final LocalDate TO = LocalDate.of(2026, 3, 31);
    static final LocalDate TODAY = LocalDate.of(2025, 12, 1);
    static final String POLICY = "2025-default";
    static final Sealed PAYEE = new Sealed("cGF5ZWU");
    static final Sealed REASON = new Sealed("cmVhc29u");

    private AccountWords() {}

    static Money pounds(String amount) {
        return Money.parse(amount);
    }

    static Terms.Line line(String lineId, FundingSource source, String annualAmount) {
        return line(lineId, source, FROM, TO, annualAmount);
    }

    static Terms.Line line(String lineId, FundingSource source, LocalDate from, LocalDate to, String annualAmount) {
        return line(lineId, source, from, to, new Terms.YearlyAmount(from, pounds(annualAmount)));
    }

    static Terms.Line line(
            String lineId, FundingSource source, LocalDate from, LocalDate to, Terms.YearlyAmount... amounts) {
        return new Terms.Line(lineId, source, true, from, to, List.of(amounts), ACCOUNT, Money.ZERO, null);
    }

    static Terms.Line care(String annualAmount) {
        return line("care", FundingSource.SOCIAL_CARE_CHILD, annualAmount);
    }

    static Terms.Line councilManaged(Terms.Line line) {
        return new Terms.Line(
                line.lineId(), line.source(), false, line.from(), line.to(), line.amounts(), null, Money.ZERO, null);
    }

    static Terms.Line paidThrough(@Nullable String accountId, Terms.Line line, String paidElsewhere) {
        return new Terms.Line(
                line.lineId(),
                line.source(),
                true,
                line.from(),
                line.to(),
                line.amounts(),
                accountId,
                pounds(paidElsewhere),
                null);
    }

    static Terms terms(Terms.Line... lines) {
        return terms(1, lines);
    }

    static Terms terms(long budgetSequence, Terms.Line... lines) {
        return new Terms(budgetSequence, null, FROM, null, null, List.of(lines));
    }

    static AccountOpened opened(Terms terms) {
        return new AccountOpened(
                ACCOUNT,
                "B-1",
                "P-1",
                LegalBasis.CHILD_S17A,
                AccountType.BANK_ACCOUNT,
                HolderType.PARENT,
                null,
                true,
                null,
                null,
                FROM,
                terms,
                7);
    }

    /** An open account of a budget with these lines. */
    static Fixtures<PaymentAccount> account(Terms.Line... lines) {
        return account(terms(lines));
    }

    static Fixtures<PaymentAccount> account(Terms terms) {
        return Fixtures.of(PaymentAccount.class).given(opened(terms));
    }

    static IssuePayment pay(String paymentId, String amount, LocalDate on) {
        return pay(paymentId, "care", null, pounds(amount), Money.ZERO, on);
    }

    /** A single payment, where nothing puts payments on hold. */
    static IssuePayment pay(
            String paymentId,
            String lineId,
            @Nullable String instalmentId,
            Money amount,
            @Nullable Money contribution,
            LocalDate on) {
        return new IssuePayment(ACCOUNT, paymentId, lineId, instalmentId, amount, contribution, on, false, false);
    }

    static PaymentIssued paid(String paymentId, String amount, LocalDate on) {
        return paid(paymentId, "care", FundingSource.SOCIAL_CARE_CHILD, amount, on);
    }

    static PaymentIssued paid(String paymentId, String lineId, FundingSource source, String amount, LocalDate on) {
        return new PaymentIssued(paymentId, lineId, source, null, pounds(amount), Money.ZERO, pounds(amount), on);
    }

    static PaymentReturned returned(PaymentIssued p, LocalDate on) {
        return new PaymentReturned(
                p.paymentId(),
                p.lineId(),
                p.source(),
                p.instalmentId(),
                p.amount(),
                p.contribution(),
                p.net(),
                "BAD_ACCOUNT",
                on);
    }

    static RecordExpenditure spend(String expenditureId, String amount, LocalDate on) {
        return spend(expenditureId, amount, on, null, null);
    }

    static RecordExpenditure spend(
            String expenditureId, String amount, LocalDate on, @Nullable String lineId, @Nullable String externalRef) {
        return new RecordExpenditure(
                ACCOUNT,
                expenditureId,
                pounds(amount),
                on,
                PAYEE,
                "payee-key",
                "respite",
                "8050",
                SpendType.PURCHASE,
                null,
                externalRef,
                lineId,
                null,
                null,
                null,
                POLICY,
                TODAY);
    }

    /** What is recorded of {@link #spend}, shared like this. */
    static ExpenditureRecorded spent(RecordExpenditure c, Share... shares) {
        return new ExpenditureRecorded(
                c.expenditureId(),
                c.amount(),
                c.on(),
                c.payee(),
                c.payeeKey(),
                c.category(),
                c.mcc(),
                c.type(),
                c.cashback(),
                c.externalRef(),
                c.lineId(),
                c.stayId(),
                c.description(),
                c.merchant(),
                List.of(shares));
    }

    static Share share(FundingSource source, @Nullable String lineId, String amount) {
        return new Share(source, lineId, pounds(amount));
    }

    static Share care(Money amount) {
        return new Share(FundingSource.SOCIAL_CARE_CHILD, "care", amount);
    }

    /** The state after these events. */
    static AccountState state(AccountEvent... events) {
        AccountState state = new AccountState();
        long sequence = 0;
        for (AccountEvent event : events) {
            state.evolve(event, sequence++);
        }
        return state;
    }

    static List<Money> amounts(List<AccountEvent.Instalment> instalments) {
        return instalments.stream().map(AccountEvent.Instalment::amount).toList();
    }

    static List<LocalDate> payDays(List<AccountEvent.Instalment> instalments) {
        return instalments.stream().map(AccountEvent.Instalment::payOn).toList();
    }

    static Money sum(List<Money> amounts) {
        return amounts.stream().reduce(Money.ZERO, Money::plus);
    }

    static List<Money> repeated(String... timesAndAmount) {
        return Stream.of(timesAndAmount)
                .map(text -> text.split(" x ", 2))
                .flatMap(part -> Stream.generate(() -> pounds(part[1])).limit(Integer.parseInt(part[0])))
                .toList();
    }
}
