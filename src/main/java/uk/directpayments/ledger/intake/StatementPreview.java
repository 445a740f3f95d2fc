package uk.directpayments.ledger.intake;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.intake.LinesTogether.Owned;
import uk.directpayments.ledger.intake.StatementCommand.BankStatement;
import uk.directpayments.ledger.intake.StatementCommand.SameFile;
import uk.directpayments.ledger.intake.StatementEvent.Result;
import uk.directpayments.ledger.intake.StatementSources.Kept;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Call;

/**
 * Hears a file and tells what would become of it; records nothing. What only the account itself can say (that a refund has no purchase, that
 * spending of this reference was recorded by hand) shows when the file is sent.
 */
final class StatementPreview implements StatementReader.Sink {

    /** How many lines are shown, and how many rejected ones. */
    static final int SHOWN = 100;

    private static final int AT_A_TIME = 500;

    private final StatementReader reader;
    private final @Nullable BankStatement bank;
    private final Function<StatementLine, CardAccounts.Found> accounts;
    private final StatementRegister register;
    private final StatementLines statementLines;
    private final LinesTogether.Reader together;
    private final LineRecorder recorder;
    private final AccountRegister accountRegister;
    private final Call call;
    private final uk.directpayments.ledger.platform.View view;
    private final LocalDate today;
    private final ToldElsewhere elsewhere = new ToldElsewhere();
    private final Map<String, LineRecorder.OfAccount> recording = new HashMap<>();
    private final Map<String, LocalDate> opened = new HashMap<>();
    private final List<Owned> heard = new ArrayList<>();
    private final List<Item> items = new ArrayList<>();
    private final List<StatementApi.RejectedLine> rejected = new ArrayList<>();
    private int lines;
    private int fresh;
    private int duplicates;
    private int refused;

    /**
     * What would become of a file.
     *
     * @param mapping    of the columns of a CSV, as it is or as it was understood; null of other formats
     * @param fresh      how many lines have not come before and may be recorded or matched
     * @param rejected   the first hundred
     * @param gap        it would need a reason
     * @param bankAccount whether the bank account that the file names is the account's; {@code UNKNOWN} where either does not say. Null of a file
     *     whose lines name their accounts
     * @param imported   every line of this very file is in the ledger, of the same account: it would be refused
     * @param importedAs the statement that they are from; null if they are not, or their statement is not the sender's to see
     * @param items      the first hundred lines that can be read
     */
    record View(
            String format,
            int lines,
            int fresh,
            int duplicates,
            List<StatementApi.RejectedLine> rejected,
            int rejectedTotal,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            @Nullable Money opening,
            @Nullable Money closing,
            boolean gap,
            CardAccounts.@Nullable BankAccount bankAccount,
            boolean imported,
            @Nullable String importedAs,
            @Nullable JsonNode mapping,
            List<Item> items) {}

    /**
     * A line.
     *
     * @param becomes null where that shows only when it is recorded
     */
    record Item(
            int line,
            @Nullable String accountId,
            StatementLine.Kind kind,
            LocalDate on,
            Money amount,
            @Nullable String payee,
            @Nullable String description,
            @Nullable Result becomes) {}

    StatementPreview(
            StatementReader reader,
            @Nullable BankStatement bank,
            Function<StatementLine, CardAccounts.Found> accounts,
            StatementRegister register,
            StatementLines statementLines,
            LinesTogether.Reader together,
            LineRecorder recorder,
            AccountRegister accountRegister,
            Call call,
            uk.directpayments.ledger.platform.View view,
            LocalDate today) {
        this.reader = reader;
        this.bank = bank;
        this.accounts = accounts;
        this.register = register;
        this.statementLines = statementLines;
        this.together = together;
        this.recorder = recorder;
        this.accountRegister = accountRegister;
        this.call = call;
        this.view = view;
        this.today = today;
    }

    @Override
    public void line(StatementLine line) {
        lines++;
        CardAccounts.Found found = accounts.apply(line);
        if (found instanceof CardAccounts.Found.Account account) {
            heard.add(new Owned(line, account.accountId(), account.personId()));
            if (heard.size() == AT_A_TIME) {
                judge();
            }
        } else if (found instanceof CardAccounts.Found.Unknown unknown) {
            reject(line.lineNumber(), unknown.why());
            show(line, null, Result.REJECTED);
        }
    }

    @Override
    public void repeated(StatementLine line) {
        lines++;
        duplicates++;
        show(line, null, Result.DUPLICATE);
    }

    @Override
    public void refused(RefusedLine line) {
        lines++;
        reject(line.lineNumber(), new RuleBroken(line.code(), line.words()));
    }

    @Override
    public void balances(StatementBalances balances) {
        // heard before
    }

    private void reject(int line, RuleBroken why) {
        if (rejected.size() < SHOWN) {
            rejected.add(new StatementApi.RejectedLine(line, why.code(), why.words()));
        }
        refused++;
    }

    private void judge() {
        ComeBefore come = together.come(heard, view);
        elsewhere.expect(
                new ToldElsewhere.Telling("", reader.format(), bank == null ? null : period(bank)),
                heard,
                register,
                statementLines,
                view);
        Map<Integer, List<String>> told = items.size() < SHOWN ? together.told(heard, view, view) : Map.of();
        for (Owned one : heard) {
            switch (together.see(come, one)) {
                case REPEATED -> duplicate(one);
                case CONTRADICTED -> reject(one, ComeBefore.contradicted());
                case NEW -> {
                    if (elsewhere.take(one.accountId(), one.line())) {
                        duplicate(one);
                    } else {
                        fresh(one, told.getOrDefault(one.line().lineNumber(), List.of()));
                    }
                }
            }
        }
        heard.clear();
    }

    private void duplicate(Owned one) {
        duplicates++;
        show(one.line(), one.accountId(), Result.DUPLICATE);
    }

    private void reject(Owned one, RuleBroken why) {
        reject(one.line().lineNumber(), why);
        show(one.line(), one.accountId(), Result.REJECTED);
    }

    private void fresh(Owned one, List<String> told) {
        LocalDate openedOn = opened.computeIfAbsent(one.accountId(), openedOn(view));
        boolean early = one.line().on().isBefore(openedOn);
        Result becomes = early || items.size() < SHOWN ? foreseen(one, told) : null;
        if (early && becomes == Result.RECORDED) {
            reject(one, new RuleBroken("DATE_BEFORE_OPENING", "The account was opened on " + openedOn + "."));
        } else {
            fresh++;
            show(one.line(), one.accountId(), becomes);
        }
    }

    private Function<String, LocalDate> openedOn(uk.directpayments.ledger.platform.View at) {
        return accountId -> accountRegister
                .find(accountId, at)
                .map(seen -> seen.entry().openedOn())
                .orElse(LocalDate.MIN);
    }

    private static BankPeriod period(BankStatement bank) {
        return new BankPeriod(bank.from(), bank.to(), bank.opening(), bank.closing(), bank.onFirstDay(), bank.gap());
    }

    private @Nullable Result foreseen(Owned one, List<String> told) {
        Kept kept = new Kept(one.line().lineNumber(), one.personId(), one.accountId(), false, null, null, null);
        return recording
                .computeIfAbsent(one.accountId(), id -> recorder.ofWaiting("preview", id, kept, call, today))
                .foreseen(kept, one.line(), told);
    }

    private void show(StatementLine line, @Nullable String accountId, @Nullable Result becomes) {
        if (items.size() < SHOWN) {
            items.add(new Item(
                    line.lineNumber(),
                    accountId,
                    line.kind(),
                    line.on(),
                    line.amount(),
                    line.payee(),
                    line.description(),
                    becomes));
        }
    }

    /** @param same it has been imported before, or null @param bankAccount null where lines name their accounts */
    View end(@Nullable SameFile same, CardAccounts.@Nullable BankAccount bankAccount) {
        judge();
        items.sort(java.util.Comparator.comparingInt(Item::line));
        return new View(
                reader.format(),
                lines,
                fresh,
                duplicates,
                List.copyOf(rejected),
                refused,
                bank == null ? null : bank.from(),
                bank == null ? null : bank.to(),
                bank == null ? null : bank.opening(),
                bank == null ? null : bank.closing(),
                bank != null && bank.gap(),
                bankAccount,
                same != null,
                same == null ? null : same.statementId(),
                reader.mapping(),
                List.copyOf(items));
    }
}
