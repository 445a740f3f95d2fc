package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.intake.StatementLine.Kind;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

/** One transaction of a card feed, however the file writes its fields. */
final class CardRow {

    private final int lineNumber;
    private final CardMapping mapping;
    private final UnaryOperator<String> fields;

    private @Nullable String accountRef;

    /** @param fields the text of a field by its name in the file, empty where it is not there */
    CardRow(int lineNumber, CardMapping mapping, UnaryOperator<String> fields) {
        this.lineNumber = lineNumber;
        this.mapping = mapping;
        this.fields = fields;
    }

    int lineNumber() {
        return lineNumber;
    }

    /** Null as long as {@link #line} has not read it and found it good. */
    @Nullable
    String accountRef() {
        return accountRef;
    }

    /** @throws RuleBroken why it cannot be recorded; {@code CURRENCY_NOT_SUPPORTED} refuses the whole file */
    StatementLine line() {
        inPounds();
        String account = StatementFields.required("accountRef", raw(mapping.accountRef()));
        StatementFields.withoutCardNumber("accountRef", account);
        accountRef = account;
        String txnId = StatementFields.required("txnId", raw(mapping.txnId()));
        LocalDate on = settledOn();
        Kind type = kind();
        Money amount = amount(type);
        Kind kind = type == Kind.REVERSAL && amount.isNegative() ? Kind.RECALL : type;
        String payee = StatementFields.freeText("merchantName", raw(mapping.merchantName()));
        StatementFields.withoutCardNumber("merchantName", payee);
        String mcc = StatementFields.mcc("mcc", raw(mapping.mcc()));
        Money balance = moneyOrNull("runningBalance", mapping.runningBalance());
        return new StatementLine(
                lineNumber, account, txnId, on, kind, amount, payee, mcc, cashback(amount), balance, null);
    }

    private void inPounds() {
        if (mapping.currency() == null) {
            return;
        }
        String currency = StatementFields.required("currency", raw(mapping.currency()));
        if (!currency.equalsIgnoreCase("GBP")) {
            throw new RuleBroken(
                    "CURRENCY_NOT_SUPPORTED",
                    "Line " + lineNumber + " is not in pounds: every line's currency must be GBP.");
        }
    }

    private LocalDate settledOn() {
        if (raw(mapping.settledAt()).isBlank()) {
            throw new RuleBroken("LINE_NOT_SETTLED", "settledAt is empty: the line will count once it has settled.");
        }
        return mapping.day(raw(mapping.settledAt()));
    }

    private Kind kind() {
        Kind kind = mapping.kind(raw(mapping.type()).strip());
        if (kind == null) {
            throw StatementFields.invalid("type", "must be one of " + String.join(", ", CardFeedReader.TYPES.keySet()));
        }
        return kind;
    }

    private Money amount(Kind kind) {
        Money amount = StatementFields.money("amount", raw(mapping.amount()));
        if (amount.isZero()) {
            throw new RuleBroken("AMOUNT_ZERO", "amount is zero.");
        }
        if (mapping.unsigned() && amount.isPositive() && !kind.moneyIn()) {
            amount = amount.negated();
        }
        // what had come in may be reversed as well
        if (kind != Kind.REVERSAL && !kind.allows(amount)) {
            throw new RuleBroken(
                    "AMOUNT_SIGN_WRONG",
                    "amount must be " + (kind.moneyIn() ? "positive" : "negative") + " in a line of this type.");
        }
        return amount;
    }

    private Money cashback(Money amount) {
        Money cashback = moneyOrNull("cashback", mapping.cashback());
        if (cashback == null) {
            return Money.ZERO;
        }
        if (cashback.isNegative() || cashback.pence() > Math.abs(amount.pence())) {
            throw new RuleBroken("MONEY_INVALID", "cashback must be from nothing to the whole of amount.");
        }
        return cashback;
    }

    private @Nullable Money moneyOrNull(String name, @Nullable String column) {
        String raw = raw(column);
        return raw.isBlank() ? null : StatementFields.money(name, raw);
    }

    /** Empty where the file lacks the field, or the mapping knows none. */
    private String raw(@Nullable String name) {
        return name == null ? "" : fields.apply(name.strip());
    }
}
