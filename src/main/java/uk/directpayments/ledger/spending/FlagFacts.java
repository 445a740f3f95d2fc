package uk.directpayments.ledger.spending;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.Flags;
import uk.directpayments.ledger.platform.View;

/** What the account room asks of flags, answered. */
@Component
class FlagFacts implements Flags {

    private final FlagRegister register;

    FlagFacts(FlagRegister register) {
        this.register = register;
    }

    @Override
    public Map<String, Integer> open(Collection<String> accountIds, View view) {
        return register.open(accountIds, view);
    }

    @Override
    public void require(String personId, View view) {
        register.requirePerson(personId, view);
    }

    @Override
    public Set<String> unavailablePersons(View view) {
        return register.unavailablePersons(view);
    }

    @Override
    public Map<String, List<OfTransaction>> ofTransactions(
            String accountId, Collection<String> transactionIds, View view) {
        Map<String, List<OfTransaction>> found = new HashMap<>();
        register.ofTransactions(accountId, transactionIds, view)
                .forEach((transaction, flags) -> found.put(
                        transaction,
                        flags.stream()
                                .filter(flag -> flag.stateOn(view.asOf()) != FlagState.WITHDRAWN)
                                .map(flag -> new OfTransaction(
                                        flag.flagId(),
                                        flag.finding().reason(),
                                        flag.severity().name(),
                                        String.valueOf(flag.stateOn(view.asOf()))))
                                .toList()));
        return found;
    }
}
