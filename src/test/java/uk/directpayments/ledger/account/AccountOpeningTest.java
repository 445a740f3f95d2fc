package uk.directpayments.ledger.account;

import static uk.directpayments.ledger.account.AccountWords.*;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.account.AccountCommand.OpenAccount;
import uk.directpayments.ledger.account.AccountEvent.AccountOpened;
import uk.directpayments.ledger.account.AccountEvent.AccountType;
import uk.directpayments.ledger.account.AccountEvent.HolderType;
import uk.directpayments.ledger.kernel.LegalBasis;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.support.Fixtures;

class AccountOpeningTest {

    private static final Terms CONSENTED = terms(care("8000.00"));

    private final Fixtures<PaymentAccount> nothing = Fixtures.of(PaymentAccount.class);

    @Test
    void openingRecordsWhatTheBudgetAllowedAndWhenThatWasTrue() {
        nothing.when(open(LegalBasis.SEN_S49, true, CONSENTED, null))
                .records(new AccountOpened(
                        ACCOUNT,
                        "B-1",
                        "P-1",
                        LegalBasis.SEN_S49,
                        AccountType.SUPPORTED,
                        HolderType.ORGANISATION,
                        "ORG-1",
                        true,
                        new Sealed("YmFuaw"),
                        "token",
                        FROM,
                        CONSENTED,
                        41))
                .occurredOn(FROM);
    }

    @Test
    void anIdIsUsedOnce() {
        account(care("8000.00"))
                .when(open(LegalBasis.CHILD_S17A, true, CONSENTED, null))
                .refuses("ID_ALREADY_USED");
    }

    @Test
    void withoutConsentNoAccountIsOpened() {
        nothing.when(open(LegalBasis.CHILD_S17A, true, new Terms(1, null, null, null, null, CONSENTED.lines()), null))
                .refuses("CONSENT_REQUIRED");
    }

    @Test
    void withdrawnConsentOpensNoAccount() {
        nothing.when(open(LegalBasis.CHILD_S17A, true, new Terms(1, null, FROM, TODAY, null, CONSENTED.lines()), null))
                .refuses("CONSENT_REQUIRED");
    }

    @Test
    void onlyEducationMoneyNeedsADedicatedAccount() {
        nothing.when(open(LegalBasis.SEN_S49, false, CONSENTED, null)).refuses("DEDICATED_ACCOUNT_REQUIRED");
        for (LegalBasis basis : LegalBasis.values()) {
            if (basis != LegalBasis.SEN_S49) {
                OpenAccount shared = open(basis, false, CONSENTED, null);
                nothing.when(shared).records(recorded(shared));
            }
        }
    }

    @Test
    void anEndedBudgetOpensNoAccountFromTheDayOfItsEnd() {
        nothing.when(open(LegalBasis.CHILD_S17A, true, CONSENTED, FROM)).refuses("BUDGET_ENDED");
        nothing.when(open(LegalBasis.CHILD_S17A, true, CONSENTED, FROM.minusDays(1)))
                .refuses("BUDGET_ENDED");
        OpenAccount before = open(LegalBasis.CHILD_S17A, true, CONSENTED, FROM.plusDays(1));
        nothing.when(before).records(recorded(before));
    }

    private static OpenAccount open(LegalBasis basis, boolean dedicated, Terms terms, @Nullable LocalDate endedOn) {
        return new OpenAccount(
                ACCOUNT,
                "B-1",
                "P-1",
                basis,
                AccountType.SUPPORTED,
                HolderType.ORGANISATION,
                "ORG-1",
                dedicated,
                new Sealed("YmFuaw"),
                "token",
                FROM,
                endedOn,
                false,
                terms,
                41);
    }

    private static AccountOpened recorded(OpenAccount c) {
        return new AccountOpened(
                c.accountId(),
                c.budgetId(),
                c.personId(),
                c.legalBasis(),
                c.type(),
                c.holderType(),
                c.organisationId(),
                c.dedicated(),
                c.bankDetails(),
                c.bankToken(),
                c.openedOn(),
                c.terms(),
                c.termsAt());
    }
}
