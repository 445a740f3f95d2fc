package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

/** The statements of a camt.053 file as its elements pass. Pages of one statement are proved together. */
final class CamtStatements {

    /** Those of one entry are kept until it ends. */
    static final int MOST_DETAILS = 100_000;

    private final BankLines lines;
    private final StatementReader.Sink sink;

    private boolean any;
    private @Nullable String account;

    // the statement, and whether another page of it is to come
    private BankProof proof = new BankProof();
    private boolean open;
    private @Nullable String statementId;
    private @Nullable String id;
    private boolean lastPage = true;
    private boolean opened;

    // the balance
    private @Nullable String balanceType;
    private @Nullable Money amount;
    private @Nullable LocalDate date;
    private boolean debit;

    private Movement entry = new Movement();
    private Movement detail = new Movement();
    private List<Movement> details = new ArrayList<>();
    private @Nullable String currency;

    CamtStatements(BankLines lines, StatementReader.Sink sink) {
        this.lines = lines;
        this.sink = sink;
    }

    /** An entry, or one of the payments that a bank has put together into one entry. */
    private static final class Movement {
        private @Nullable Money amount;
        private @Nullable Boolean debit;
        private boolean reversal;
        private String status = "BOOK";
        private @Nullable LocalDate booked;
        private @Nullable LocalDate valued;
        private @Nullable String reference;
        private final StringBuilder others = new StringBuilder();
        private @Nullable String creditor;
        private @Nullable String debtor;
        private final StringBuilder text = new StringBuilder();
        private @Nullable SpendType type;

        /** ISO 20022's external code of a sub-family of bank transactions. */
        private void isOf(String subFamily) {
            type = switch (subFamily) {
                case "CWDL" -> SpendType.CASH;
                case "CHRG", "FEES", "COMM" -> SpendType.FEE;
                default -> null;
            };
        }

        /** It has no reference of the bank's, perhaps; those of others tell it from its like. */
        private void alsoCalled(String reference) {
            if (BankLines.real(reference) != null
                    && others.length() + reference.length() < StatementFields.LONGEST_TEXT) {
                others.append(others.isEmpty() ? "" : " ").append(reference);
            }
        }

        private void say(String words) {
            if (text.length() + words.length() < StatementFields.LONGEST_TEXT) {
                text.append(text.isEmpty() ? "" : " ").append(words);
            }
        }
    }

    void begin(String path, @Nullable String currencyAttribute, int line) {
        switch (path) {
            case "Stmt" -> {
                any = true;
                opened = false;
                id = null;
            }
            case "Stmt/Bal" -> {
                balanceType = null;
                amount = null;
                date = null;
                debit = false;
            }
            case "Stmt/Ntry" -> {
                entry = new Movement();
                details = new ArrayList<>();
            }
            case "Stmt/Ntry/NtryDtls/TxDtls" -> detail = new Movement();
            case "Stmt/Bal/Amt", "Stmt/Ntry/Amt" -> BankFields.inPounds(currencyAttribute, line);
            default -> {
                // see end
            }
        }
        currency = currencyAttribute;
    }

    void end(String path, String text, int line) {
        if (path.startsWith("Stmt/Ntry/NtryDtls/TxDtls")) {
            detail(path.substring("Stmt/Ntry/NtryDtls/TxDtls".length()), text, line);
        } else if (path.startsWith("Stmt/Ntry")) {
            entry(path.substring("Stmt/Ntry".length()), text, line);
        } else if (path.startsWith("Stmt/Bal")) {
            balance(path.substring("Stmt/Bal".length()), text, line);
        } else {
            statement(path, text, line);
        }
    }

    private void statement(String path, String text, int line) {
        switch (path) {
            case "Stmt/Id" -> {
                if (open && !text.equals(statementId)) {
                    tell(line);
                }
                id = text;
            }
            case "Stmt/StmtPgntn/LastPgInd" -> lastPage = isTrue(text);
            case "Stmt/Acct/Ccy" -> BankFields.inPounds(text, line);
            case "Stmt/Acct/Id/IBAN", "Stmt/Acct/Id/Othr/Id" -> {
                if (account != null && !account.equals(text)) {
                    throw BankFields.unreadable(line, "the file is of more than one account");
                }
                account = text;
            }
            case "Stmt" -> {
                statementId = id;
                open = true;
                if (lastPage) {
                    tell(line);
                }
                lastPage = true;
            }
            default -> {
                // not needed
            }
        }
    }

    private void tell(int line) {
        proof.tell(sink, account, line);
        lines.nextStatement();
        proof = new BankProof();
        open = false;
    }

    private void balance(String path, String text, int line) {
        switch (path) {
            case "/Tp/CdOrPrtry/Cd" -> balanceType = text;
            case "/Amt" -> amount = BankFields.amount(text, line);
            case "/CdtDbtInd" -> debit = isDebit(text, line);
            case "/Dt/Dt" -> date = BankFields.date(text, line);
            case "/Dt/DtTm" -> date = BankFields.dayOf(text, line);
            case "" -> {
                if (amount == null || balanceType == null) {
                    return;
                }
                Money balance = debit ? amount.negated() : amount;
                switch (balanceType) {
                    case "OPBD", "PRCD" -> openWith(balance);
                    case "CLBD" -> proof.closing(balance, date);
                    case "ITBD" -> {
                        // between pages: the first opens a page, the second closes it
                        if (opened || open) {
                            proof.closing(balance, date);
                        } else {
                            openWith(balance);
                        }
                    }
                    default -> {
                        // available and forward balances prove nothing
                    }
                }
            }
            default -> {
                // not needed
            }
        }
    }

    private void openWith(Money balance) {
        if (!open) {
            proof.opening(balance, date);
            opened = true;
        }
    }

    private void entry(String path, String text, int line) {
        switch (path) {
            case "/Amt" -> entry.amount = BankFields.amount(text, line);
            case "/CdtDbtInd" -> entry.debit = isDebit(text, line);
            case "/RvslInd" -> entry.reversal = isTrue(text);
            case "/Sts" -> entry.status = text.isEmpty() ? entry.status : text;
            case "/Sts/Cd" -> entry.status = text;
            case "/BookgDt/Dt" -> entry.booked = BankFields.date(text, line);
            case "/BookgDt/DtTm" -> entry.booked = BankFields.dayOf(text, line);
            case "/ValDt/Dt" -> entry.valued = BankFields.date(text, line);
            case "/ValDt/DtTm" -> entry.valued = BankFields.dayOf(text, line);
            case "/AcctSvcrRef" -> entry.reference = text;
            case "/NtryRef" -> entry.alsoCalled(text);
            case "/AddtlNtryInf" -> entry.say(text);
            case "/BkTxCd/Domn/Fmly/SubFmlyCd" -> entry.isOf(text);
            case "" -> take(line);
            default -> {
                // not needed
            }
        }
    }

    private void detail(String path, String text, int line) {
        switch (path) {
            case "/Amt", "/AmtDtls/TxAmt/Amt" -> {
                // an amount in another currency is the original of one that stands in the entry
                if (detail.amount == null && "GBP".equals(currency)) {
                    detail.amount = BankFields.amount(text, line);
                }
            }
            case "/CdtDbtInd" -> detail.debit = isDebit(text, line);
            case "/Refs/AcctSvcrRef" -> detail.reference = text;
            case "/Refs/EndToEndId", "/Refs/TxId", "/Refs/UETR" -> detail.alsoCalled(text);
            case "/RltdPties/Cdtr/Nm", "/RltdPties/Cdtr/Pty/Nm" -> detail.creditor = text;
            case "/RltdPties/Dbtr/Nm", "/RltdPties/Dbtr/Pty/Nm" -> detail.debtor = text;
            case "/RmtInf/Ustrd", "/RmtInf/Strd/CdtrRefInf/Ref", "/AddtlTxInf" -> detail.say(text);
            case "/BkTxCd/Domn/Fmly/SubFmlyCd" -> detail.isOf(text);
            case "" -> {
                details.add(detail);
                if (details.size() > MOST_DETAILS) {
                    throw new RuleBroken("TOO_LARGE", "An entry has more than " + MOST_DETAILS + " details.");
                }
            }
            default -> {
                // not needed
            }
        }
    }

    private void take(int line) {
        Boolean debitEntry = entry.debit;
        LocalDate on = entry.booked != null ? entry.booked : entry.valued;
        if (entry.amount == null || debitEntry == null || on == null) {
            throw BankFields.unreadable(line, "an entry lacks its amount, its direction or its date");
        }
        int number = lines.count() + 1;
        if (!entry.status.equals("BOOK")) {
            lines.pending(number);
            return;
        }
        proof.add(signed(entry.amount, debitEntry), on);
        if (details.size() > 1 && theyAreTheEntry(debitEntry)) {
            for (int i = 0; i < details.size(); i++) {
                Movement part = details.get(i);
                String reference = part.reference != null && !part.reference.equals(entry.reference)
                        ? part.reference
                        : entry.reference == null ? null : entry.reference + "/" + (i + 1);
                add(part, reference, signed(amountOf(part), debitOf(part, debitEntry)), on);
            }
        } else {
            Movement only = details.size() == 1 ? details.get(0) : entry;
            String reference = entry.reference != null ? entry.reference : only.reference;
            add(only, reference, signed(entry.amount, debitEntry), on);
        }
    }

    private void add(Movement what, @Nullable String reference, Money amount, LocalDate on) {
        String payee = amount.isNegative() ? what.creditor : what.debtor;
        String words = what.text.isEmpty() ? entry.text.toString() : what.text.toString();
        // an entry's own is a mere number within its file at some banks
        String other = (what.others.isEmpty() ? entry.others : what.others).toString();
        lines.add(
                new BankLines.Entry(
                        lines.count() + 1,
                        reference,
                        other,
                        on,
                        amount,
                        entry.reversal,
                        payee,
                        words,
                        null,
                        what.type == null ? entry.type : what.type),
                proof.isWhole());
    }

    /** Whether each detail has an amount and all of them together are the entry's. */
    private boolean theyAreTheEntry(boolean debitEntry) {
        if (details.stream().anyMatch(part -> part.amount == null || part.amount.isZero())) {
            return false;
        }
        Money sum = details.stream()
                .map(part -> signed(amountOf(part), debitOf(part, debitEntry)))
                .reduce(Money.ZERO, Money::plus);
        return sum.equals(signed(Objects.requireNonNull(entry.amount), debitEntry));
    }

    private static Money amountOf(Movement part) {
        return Objects.requireNonNull(part.amount);
    }

    private static boolean debitOf(Movement part, boolean ofEntry) {
        return part.debit == null ? ofEntry : part.debit;
    }

    private static Money signed(Money amount, boolean debit) {
        return debit ? amount.negated() : amount;
    }

    private static boolean isDebit(String text, int line) {
        return switch (text) {
            case "DBIT" -> true;
            case "CRDT" -> false;
            default -> throw BankFields.unreadable(line, "CdtDbtInd must be CRDT or DBIT");
        };
    }

    private static boolean isTrue(String text) {
        return text.equals("true") || text.equals("1");
    }

    /** The file is at its end. */
    void end(int line) {
        if (!any) {
            throw BankFields.unreadable(line, "the file holds no statement");
        }
        if (open) {
            tell(line);
        }
    }
}
