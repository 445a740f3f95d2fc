package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;
import static uk.directpayments.ledger.account.AccountWords.*;

import java.util.List;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.account.AccountCommand.OpenAccount;
import uk.directpayments.ledger.platform.RealPlatform;

class AccountSnapshotTest {

    @Test
    void anAccountGoesOnFromItsSnapshot() {
        var lab = new AccountLab();
        var o = opened(terms(care("8000.00")));
        lab.send(new OpenAccount(
                o.accountId(),
                o.budgetId(),
                o.personId(),
                o.legalBasis(),
                o.type(),
                o.holderType(),
                null,
                true,
                null,
                null,
                o.openedOn(),
                null,
                false,
                o.terms(),
                o.termsAt()));
        lab.send(pay("PAY-1", "10.00", FROM));
        lab.send(spend("E-1", "4.00", TODAY));
        lab.restartFromSnapshot();
        assertThat(lab.send(pay("PAY-1", "10.00", FROM)).refusal().code()).isEqualTo("ID_ALREADY_USED");
        assertThat(lab.send(pay("PAY-2", "7990.00", TODAY)).events())
                .isEqualTo(List.of(paid("PAY-2", "7990.00", TODAY)));
        assertThat(RealPlatform.json(lab.account()))
                .isEqualTo(RealPlatform.json(lab.replayed().account()));
    }
}
