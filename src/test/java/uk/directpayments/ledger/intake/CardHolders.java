package uk.directpayments.ledger.intake;

import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import uk.directpayments.ledger.account.AccountBalances;
import uk.directpayments.ledger.account.AccountCommand;
import uk.directpayments.ledger.account.AccountEvent.AccountType;
import uk.directpayments.ledger.account.AccountEvent.HolderType;
import uk.directpayments.ledger.account.BankReference;
import uk.directpayments.ledger.account.Terms;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/** Accounts with cards, for tests on the real ledger: each of a person of its own, under an ample budget. */
final class CardHolders {

    static final Call CALL = new Call(new Actor("finance", Actor.Role.FINANCE, null), null, "", "test");

    private static final LocalDate OPENED = LocalDate.of(2026, 1, 1);
    private static final LocalDate TODAY = BusinessDay.today(Clock.systemUTC());

    private final Commands commands;
    private final Sealing sealing;
    private final BankReference references;
    private final AccountBalances balances;

    CardHolders(Commands commands, Sealing sealing, BankReference references, AccountBalances balances) {
        this.commands = commands;
        this.sealing = sealing;
        this.references = references;
        this.balances = balances;
    }

    /** Answers the id of a new account that has this card. */
    String open(String cardRef) {
        return open(cardRef, OPENED);
    }

    String open(String cardRef, LocalDate openedOn) {
        String accountId = "ACC-" + UUID.randomUUID();
        String personId = "P-" + accountId;
        sealing.admit(personId);
        Terms.Line line = new Terms.Line(
                "L1",
                FundingSource.SOCIAL_CARE_CHILD,
                true,
                OPENED,
                LocalDate.of(2026, 12, 31),
                List.of(new Terms.YearlyAmount(OPENED, Money.parse("100000.00"))),
                accountId,
                Money.ZERO,
                null);
        commands.send(
                new AccountCommand.OpenAccount(
                        accountId,
                        "B-" + accountId,
                        personId,
                        LegalBasis.CHILD_S17A,
                        AccountType.PREPAID_CARD,
                        HolderType.PARENT,
                        null,
                        true,
                        sealing.seal(personId, "card " + cardRef),
                        references.cardToken(cardRef),
                        openedOn,
                        null,
                        false,
                        new Terms(0, null, OPENED, null, null, List.of(line)),
                        0),
                CALL);
        return accountId;
    }

    /** Answers the payment's id. */
    String pay(String accountId, String amount, String on) {
        String paymentId = UUID.randomUUID().toString();
        commands.send(
                new AccountCommand.IssuePayment(
                        accountId,
                        paymentId,
                        "L1",
                        null,
                        Money.parse(amount),
                        Money.ZERO,
                        LocalDate.parse(on),
                        false,
                        false),
                CALL);
        return paymentId;
    }

    String balance(String accountId) {
        return balances.of(accountId, View.now(TODAY)).total().toString();
    }
}
