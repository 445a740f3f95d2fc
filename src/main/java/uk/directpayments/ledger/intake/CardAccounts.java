package uk.directpayments.ledger.intake;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.account.BankHolders;
import uk.directpayments.ledger.account.BankReference;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/** Whose card a feed names, and whose bank statement a file is. */
@Component
class CardAccounts {

    private static final int REMEMBERED = 10_000;

    private final AccountRegister register;
    private final AccountAccess access;
    private final BankReference references;
    private final Sealing sealing;

    CardAccounts(AccountRegister register, AccountAccess access, BankReference references, Sealing sealing) {
        this.register = register;
        this.access = access;
        this.references = references;
        this.sealing = sealing;
    }

    /** An account that a line names, or why the line cannot be recorded. */
    sealed interface Found {

        record Account(String accountId, String personId) implements Found {}

        record Unknown(RuleBroken why) implements Found {}
    }

    /** The accounts as one actor sees them while one file is read: every reference, and every account, is looked up once. */
    final class Seen {

        private final Actor actor;
        private final LocalDate today;
        private final Cache<String, BankHolders> cards =
                Caffeine.newBuilder().maximumSize(REMEMBERED).build();
        private final Cache<String, Found> known =
                Caffeine.newBuilder().maximumSize(REMEMBERED).build();

        private Seen(Actor actor, LocalDate today) {
            this.actor = actor;
            this.today = today;
        }

        /** @param on the line's day: an account has a card, and a support organisation an account, from one day to another */
        Found find(String cardRef, LocalDate on) {
            return cards.get(cardRef, ref -> register.byBankToken(references.cardToken(ref), View.now(today)))
                    .on(on)
                    .map(account -> known.get(key(account.accountId(), on), key -> seen(account, on)))
                    .orElseGet(() -> new Found.Unknown(unknown()));
        }

        private String key(String accountId, LocalDate on) {
            return actor.role() == Actor.Role.SUPPORT ? on + " " + accountId : accountId;
        }

        /** The account that an organisation names by its id. @param on as above */
        Found byId(String accountId, LocalDate on) {
            return known.get(key(accountId, on), key -> {
                try {
                    AccountAccess.Owner owner = access.owner(accountId, actor, on);
                    return sealing.destroyed(owner.personId())
                            ? new Found.Unknown(StatementSources.erased())
                            : new Found.Account(owner.accountId(), owner.personId());
                } catch (RuleBroken refusal) {
                    if (refusal.code().equals("ACCOUNT_NOT_FOUND")) {
                        return new Found.Unknown(
                                new RuleBroken("ACCOUNT_NOT_FOUND", "There was no such account on that day."));
                    }
                    throw refusal;
                }
            });
        }

        /** The account of a bank statement, which the sender has named and sees today. @param on as above */
        Found find(AccountAccess.Owner owner, LocalDate on) {
            return access.sees(actor, owner.accountId(), on)
                    ? new Found.Account(owner.accountId(), owner.personId())
                    : new Found.Unknown(new RuleBroken("ACCOUNT_NOT_FOUND", "There was no such account on that day."));
        }

        private Found seen(AccountRegister.Entry account, LocalDate on) {
            if (!access.sees(actor, account.accountId(), on)) {
                return new Found.Unknown(unknown());
            }
            if (account.bankDetails() != null
                    && sealing.open(account.personId(), account.bankDetails()).equals(Sealing.ERASED)) {
                return new Found.Unknown(StatementSources.erased());
            }
            return new Found.Account(account.accountId(), account.personId());
        }

        private static RuleBroken unknown() {
            return new RuleBroken("ACCOUNT_NOT_FOUND", "No account has this card reference.");
        }
    }

    /** The account of a line, however the file names it. @param owner of a bank's statement, else null */
    Found find(StatementReader reader, AccountAccess.@Nullable Owner owner, Seen seen, StatementLine line) {
        if (owner != null) {
            return seen.find(owner, line.on());
        }
        String named = Objects.requireNonNull(line.accountRef());
        return reader instanceof SpendingReader ? seen.byId(named, line.on()) : seen.find(named, line.on());
    }

    /** Whether a bank's file is, by what it says itself, of the bank account of the account that its sender has named. */
    enum BankAccount {
        MATCHES,
        DIFFERS,
        UNKNOWN
    }

    /** @param named as the file names it, or null */
    BankAccount bankAccount(@Nullable String named, AccountAccess.Owner owner, View view) {
        Optional<String> token = named == null ? Optional.empty() : references.bankToken(named);
        if (token.isEmpty()) {
            return BankAccount.UNKNOWN;
        }
        if (register.byBankToken(token.get(), view).include(owner.accountId())) {
            return BankAccount.MATCHES;
        }
        return register.find(owner.accountId(), view)
                .flatMap(seen -> Optional.ofNullable(seen.entry().bankDetails()))
                .filter(details -> references.isBank(owner.personId(), details))
                .map(other -> BankAccount.DIFFERS)
                .orElse(BankAccount.UNKNOWN);
    }

    Seen seenBy(Actor actor, LocalDate today) {
        return new Seen(actor, today);
    }
}
