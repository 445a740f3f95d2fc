package uk.directpayments.ledger.intake;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.InputStreamSource;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountAccess;
import uk.directpayments.ledger.intake.StatementCommand.BankStatement;
import uk.directpayments.ledger.intake.StatementCommand.SameFile;
import uk.directpayments.ledger.intake.StatementEvent.StatementReceived;
import uk.directpayments.ledger.intake.StatementSources.Kept;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Call;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Outcome;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;

/**
 * The way of a file into the ledger: it is read once to check all of it, once to keep it sealed, then received, then its lines are gone
 * through. What refuses it before it is received leaves nothing; what interrupts it later leaves it unfinished, and it is gone on with.
 */
@Component
class StatementIntake {

    private static final int LONGEST_REASON = 1_000;

    private final StatementFormats formats;
    private final StatementSources sources;
    private final StatementRegister register;
    private final StatementRun run;
    private final StatementPreviews previews;
    private final CardAccounts accounts;
    private final AccountAccess access;
    private final ImportLock lock;
    private final Commands commands;
    private final Sealing sealing;
    private final Clock clock;
    private final Duration patience;

    /** @param patience how long a file waits for those before it; {@code ledger.statements.wait}, default 30 s */
    StatementIntake(
            StatementFormats formats,
            StatementSources sources,
            StatementRegister register,
            StatementRun run,
            StatementPreviews previews,
            CardAccounts accounts,
            AccountAccess access,
            ImportLock lock,
            Commands commands,
            Sealing sealing,
            Clock clock,
            @Value("${ledger.statements.wait:30s}") Duration patience) {
        this.formats = formats;
        this.sources = sources;
        this.register = register;
        this.run = run;
        this.previews = previews;
        this.accounts = accounts;
        this.access = access;
        this.lock = lock;
        this.commands = commands;
        this.sealing = sealing;
        this.clock = clock;
        this.patience = patience;
    }

    /** A statement that was imported, and how it was received: now, or by an earlier request with the same key. */
    record Imported(Statement statement, Outcome received) {}

    /**
     * A file as it was sent.
     *
     * @param file      opened several times
     * @param format    as the sender names it, or null to guess it
     * @param accountId the account that a bank statement is of, or null
     * @param mapping   of a CSV's columns, as JSON, or null
     * @param reason    why a gap before the statement is accepted, or null
     */
    record Sent(
            InputStreamSource file,
            @Nullable String format,
            @Nullable String accountId,
            @Nullable String mapping,
            @Nullable String reason) {}

    /** A file, read to its end once and found good. @param owner of the account of a bank statement; null where lines name their accounts */
    private record Checked(
            StatementReader reader, String sha256, long bytes, Counting counted, AccountAccess.@Nullable Owner owner) {}

    /**
     * Imports a file.
     *
     * @param statementId the id it gets
     * @throws RuleBroken {@code FIELD_INVALID}, {@code ACCOUNT_NOT_FOUND}, {@code TOO_LARGE}, {@code STATEMENT_UNREADABLE},
     *     {@code STATEMENT_DOES_NOT_BALANCE}, {@code CURRENCY_NOT_SUPPORTED}, {@code STATEMENT_GAP}, {@code STATEMENT_ALREADY_IMPORTED},
     *     {@code ID_ALREADY_USED}, {@code BUSY}
     */
    Imported take(String statementId, Sent sent, Call call) throws IOException {
        Checked checked = check(sent, call);
        try {
            return lock.alone(patience, () -> {
                Outcome received = receive(statementId, sent, checked, call);
                String id = received.event(StatementReceived.class).statementId();
                return new Imported(run.finish(id), received);
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * What would become of a file, without recording anything.
     *
     * @throws RuleBroken as {@link #take}, but for what concerns files imported before and gaps: those are told
     */
    StatementPreview.View preview(Sent sent, Call call) throws IOException {
        Checked checked = check(sent, call);
        View view = register.pinned(View.now(today()));
        BankStatement bank = bank(new Sent(sent.file, sent.format, sent.accountId, sent.mapping, null), checked, view);
        CardAccounts.Seen seen = accounts.seenBy(call.actor(), today());
        StatementPreview preview = previews.begin(
                checked.reader, bank, line -> accounts.find(checked.reader, checked.owner, seen, line), call, view);
        try (InputStream in = sent.file.getInputStream()) {
            checked.reader.read(in, today(), preview);
        }
        AccountAccess.Owner owner = checked.owner;
        return preview.end(
                sameFile(checked, call.actor(), view).orElse(null),
                owner == null ? null : accounts.bankAccount(checked.counted.accountRef(), owner, view));
    }

    private Checked check(Sent sent, Call call) throws IOException {
        StatementReader reader = reader(sent, call);
        boolean ofBank = !reader.namesAccounts();
        String accountId = sent.accountId;
        AccountAccess.Owner owner = ofBank && accountId != null ? access.owner(accountId, call.actor(), today()) : null;
        if (reader instanceof CsvStatementReader csv) {
            reader = mapped(csv, sent);
        } else if (reader instanceof CardFeedReader feed) {
            reader = mapped(feed, sent, call);
        }
        Counting counting = new Counting();
        MessageDigest sha256 = Hashes.sha256();
        try (CountingDigest in = new CountingDigest(sent.file.getInputStream(), sha256)) {
            reader.read(in, today(), counting);
            in.transferTo(OutputStream.nullOutputStream());
            // after reading: a file that cannot be read is the graver mistake
            if (accountId != null && !ofBank) {
                throw new RuleBroken("FIELD_INVALID", "A file of this format names its accounts itself.", "accountId");
            }
            if (accountId == null && ofBank) {
                throw new RuleBroken("FIELD_INVALID", "A bank statement needs the account that it is of.", "accountId");
            }
            return new Checked(reader, HexFormat.of().formatHex(sha256.digest()), in.bytes, counting, owner);
        }
    }

    private StatementReader reader(Sent sent, Call call) throws IOException {
        byte[] head = head(sent);
        boolean csv = sent.mapping != null || (!formats.recognise(head) && isAsBefore(sent, head, call));
        StatementReader reader =
                formats.reader(sent.format == null && csv ? CsvStatementReader.FORMAT : sent.format, head);
        if (sent.mapping != null && !(reader instanceof CsvStatementReader) && !(reader instanceof CardFeedReader)) {
            throw new RuleBroken("FIELD_INVALID", "A mapping is for CSV statements and card feeds.", "mapping");
        }
        return reader;
    }

    /** Whether a file has the columns that the account's CSV had before; asked only of an account that the sender may write to. */
    private boolean isAsBefore(Sent sent, byte[] head, Call call) {
        if (sent.format != null || sent.accountId == null) {
            return false;
        }
        access.owner(sent.accountId, call.actor(), today());
        CsvMapping kept = kept(sent.accountId);
        return kept != null
                && formats.reader(CsvStatementReader.FORMAT, head) instanceof CsvStatementReader csv
                && csv.mappedBy(kept).recognises(head);
    }

    private @Nullable CsvMapping kept(String accountId) {
        return register.mapping(accountId, View.now(today()))
                .map(CsvMapping::parse)
                .orElse(null);
    }

    /** As the sender says, or as it was said for the account's CSV before. */
    private CsvStatementReader mapped(CsvStatementReader csv, Sent sent) throws IOException {
        return sent.mapping == null
                ? csv.understanding(head(sent), sent.accountId == null ? null : kept(sent.accountId))
                : csv.mappedBy(CsvMapping.parse(sent.mapping));
    }

    private static byte[] head(Sent sent) throws IOException {
        try (InputStream in = sent.file.getInputStream()) {
            return in.readNBytes(StatementFormats.HEAD_BYTES);
        }
    }

    /** As the sender says, or as it was said for the organisation's card feed before, if this one is not the ledger's own form. */
    private CardFeedReader mapped(CardFeedReader feed, Sent sent, Call call) throws IOException {
        if (sent.mapping != null) {
            return feed.mappedBy(CardMapping.parse(sent.mapping));
        }
        if (feed.recognises(head(sent))) {
            return feed;
        }
        return register.feedMapping(call.actor().organisationId(), View.now(today()))
                .map(mapping -> feed.mappedBy(CardMapping.parse(mapping)))
                .orElse(feed);
    }

    private static @Nullable String feedMapping(Sent sent, Checked checked) {
        return sent.mapping != null && checked.reader instanceof CardFeedReader
                ? CardMapping.parse(sent.mapping).json()
                : null;
    }

    private @Nullable BankStatement bank(Sent sent, Checked checked, View view) {
        AccountAccess.Owner owner = checked.owner;
        if (owner == null) {
            return null;
        }
        BankPeriod period = BankPeriod.of(checked.counted.balances);
        String reason = sent.reason;
        if (reason != null && (reason.isBlank() || reason.length() > LONGEST_REASON)) {
            throw new RuleBroken(
                    "REASONS_REQUIRED", "The reason must say something, in at most 1,000 characters.", "reason");
        }
        LocalDate from = period.from();
        boolean gap =
                period.gap() || (from != null && period.isGapAfter(register.before(owner.accountId(), from, view)));
        return new BankStatement(
                owner,
                from,
                period.to(),
                period.opening(),
                period.closing(),
                period.onFirstDay(),
                sent.mapping == null ? null : CsvMapping.parse(sent.mapping).json(),
                gap,
                reason == null ? null : sealing.seal(owner.personId(), reason));
    }

    /** An organisation learns of no file that another has sent, and of no statement that is not its own. */
    private Optional<SameFile> sameFile(Checked checked, Actor actor, View view) {
        String sender =
                actor.role() == Actor.Role.SUPPORT ? Objects.requireNonNullElse(actor.organisationId(), "") : null;
        String accountId = checked.owner == null ? null : checked.owner.accountId();
        return register.importedAs(checked.sha256, accountId, sender, view)
                .map(before -> new SameFile(
                        sender == null || sender.equals(before.organisationId()) ? before.statementId() : null));
    }

    private Outcome receive(String statementId, Sent sent, Checked checked, Call call) {
        View view = register.pinned(View.now(today()));
        boolean known = register.find(statementId, view).isPresent();
        SameFile same = known ? null : sameFile(checked, call.actor(), view).orElse(null);
        boolean kept = false;
        boolean received = false;
        try {
            if (!known && same == null) {
                sources.drop(statementId); // left by a crash before it was received
                kept = true;
                keep(statementId, sent, checked, call);
            }
            Outcome outcome = commands.send(
                    new StatementCommand.ReceiveStatement(
                            statementId,
                            checked.reader.format(),
                            checked.sha256,
                            checked.bytes,
                            checked.counted.lines,
                            call.actor().organisationId(),
                            same,
                            Objects.requireNonNull(view.atPosition()),
                            bank(sent, checked, view),
                            feedMapping(sent, checked),
                            today()),
                    call);
            received = outcome.event(StatementReceived.class).statementId().equals(statementId);
            return outcome;
        } catch (RuleBroken refusal) {
            // whether it was received is not known: the lines stay until the next attempt or start finds out
            received = refusal.code().equals("OUTCOME_UNKNOWN");
            throw refusal;
        } finally {
            if (kept && !received) {
                sources.drop(statementId);
            }
        }
    }

    private void keep(String statementId, Sent sent, Checked checked, Call call) {
        CardAccounts.Seen seen = accounts.seenBy(call.actor(), today());
        Keeping keeping = new Keeping(
                statementId,
                sources.writer(statementId),
                line -> accounts.find(checked.reader, checked.owner, seen, line));
        try (InputStream in = sent.file.getInputStream()) {
            checked.reader.read(in, today(), keeping);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        keeping.writer.flush();
    }

    private LocalDate today() {
        return BusinessDay.today(clock);
    }

    private static final class Counting implements StatementReader.Sink {

        private int lines;
        private final List<StatementBalances> balances = new ArrayList<>();

        /** Of a bank's file, which is of one account. */
        private @Nullable String accountRef() {
            return balances.isEmpty() ? null : balances.get(0).accountRef();
        }

        @Override
        public void line(StatementLine line) {
            lines++;
        }

        @Override
        public void repeated(StatementLine line) {
            lines++;
        }

        @Override
        public void refused(RefusedLine line) {
            lines++;
        }

        @Override
        public void balances(StatementBalances told) {
            // the reader has found that its lines agree with them
            balances.add(told);
        }
    }

    private final class Keeping implements StatementReader.Sink {

        private final StatementSources.Writer writer;
        private final Function<StatementLine, CardAccounts.Found> accounts;
        private final String ownSubject;
        private boolean admitted;

        Keeping(
                String statementId,
                StatementSources.Writer writer,
                Function<StatementLine, CardAccounts.Found> accounts) {
            this.writer = writer;
            this.accounts = accounts;
            this.ownSubject = StatementSources.ownSubject(statementId);
        }

        @Override
        public void line(StatementLine line) {
            keep(line, false, null);
        }

        @Override
        public void repeated(StatementLine line) {
            keep(line, true, null);
        }

        @Override
        public void refused(RefusedLine line) {
            StatementLine content = line.content();
            if (content == null) {
                writer.add(Kept.refused(line));
            } else {
                keep(content, false, new RuleBroken(line.code(), line.words()));
            }
        }

        @Override
        public void balances(StatementBalances balances) {
            // heard before
        }

        /** @param refusal what the reader has against it, or null */
        private void keep(StatementLine line, boolean repeated, @Nullable RuleBroken refusal) {
            CardAccounts.Found found = accounts.apply(line);
            if (found instanceof CardAccounts.Found.Account account) {
                writer.add(new Kept(
                        line.lineNumber(),
                        account.personId(),
                        account.accountId(),
                        repeated,
                        refusal == null ? null : refusal.code(),
                        refusal == null ? null : refusal.words(),
                        sources.seal(account.personId(), line)));
            } else if (found instanceof CardAccounts.Found.Unknown unknown) {
                boolean erased = unknown.why().code().equals("CONTENT_ERASED");
                RuleBroken why = refusal == null || erased ? unknown.why() : refusal;
                writer.add(new Kept(
                        line.lineNumber(),
                        erased ? null : ownSubject,
                        null,
                        repeated,
                        why.code(),
                        why.words(),
                        erased ? null : sealUnderOwnKey(line)));
            }
        }

        private Sealed sealUnderOwnKey(StatementLine line) {
            if (!admitted) {
                sealing.admit(ownSubject);
                admitted = true;
            }
            return sources.seal(ownSubject, line);
        }
    }

    private static final class CountingDigest extends DigestInputStream {

        private long bytes;

        CountingDigest(InputStream in, MessageDigest digest) {
            super(in, digest);
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            bytes += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            bytes += Math.max(0, read);
            return read;
        }
    }
}
