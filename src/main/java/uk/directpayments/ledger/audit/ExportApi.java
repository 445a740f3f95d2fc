package uk.directpayments.ledger.audit;

import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.platform.Id;
import uk.directpayments.ledger.platform.Tells;
import uk.directpayments.ledger.platform.View;

/** {@code /audit/journal} and {@code /audit/evidence-pack}: what leaves the ledger to be checked elsewhere. */
@RestController
@RequestMapping("/api/v1/audit")
class ExportApi {

    private static final int MOST_SAMPLED = 200;

    private final JournalExport journal;
    private final EvidencePack pack;
    private final AccountRegister accounts;

    ExportApi(JournalExport journal, EvidencePack pack, AccountRegister accounts) {
        this.journal = journal;
        this.pack = pack;
        this.accounts = accounts;
    }

    @Tells(Tells.Of.EVERYBODY)
    @GetMapping("/journal")
    ResponseEntity<StreamingResponseBody> journal(
            @RequestParam(defaultValue = "hledger") JournalExport.Format format,
            @RequestParam(required = false) @Nullable @Id String accountId,
            View view) {
        View pinned = accounts.pinned(view);
        if (accountId != null) {
            account(accountId, pinned);
        }
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8))
                .body(to -> {
                    Writer out = new OutputStreamWriter(to, StandardCharsets.UTF_8);
                    journal.write(format, accountId, pinned, out);
                    out.flush();
                });
    }

    /** Of one account, or of a random sample. */
    @Tells(Tells.Of.EVERYBODY)
    @GetMapping("/evidence-pack")
    ResponseEntity<StreamingResponseBody> pack(
            @RequestParam(required = false) @Nullable @Id String accountId,
            @RequestParam(required = false) @Nullable LocalDate from,
            @RequestParam(required = false) @Nullable LocalDate to,
            @RequestParam(required = false) @Nullable Integer sample,
            @RequestParam(required = false) @Nullable Long seed,
            View view) {
        View pinned = accounts.pinned(view);
        EvidencePack.Scope scope;
        if (accountId != null) {
            if (sample != null || seed != null) {
                throw new RuleBroken(
                        "FIELD_UNKNOWN", "The pack of one account is no sample.", sample != null ? "sample" : "seed");
            }
            scope = scope(List.of(account(accountId, pinned)), from, to, pinned, null);
        } else if (sample != null && seed != null) {
            if (sample < 1 || sample > MOST_SAMPLED) {
                throw new RuleBroken("FIELD_INVALID", "must be from 1 to " + MOST_SAMPLED, "sample");
            }
            scope = scope(pack.sample(sample, seed, pinned), from, to, pinned, seed);
        } else {
            throw new RuleBroken("FIELD_INVALID", "name an account, or a sample and its seed", "accountId");
        }
        String name = accountId == null ? "sample-" + seed : accountId;
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("application/zip"))
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"evidence-" + name + ".zip\"")
                .body(out -> pack.write(scope, pinned, out));
    }

    private static EvidencePack.Scope scope(
            List<AccountRegister.Entry> of,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            View view,
            @Nullable Long seed) {
        return new EvidencePack.Scope(of, from == null ? EvidencePack.BEGINNING : from, view.lastDay(from, to), seed);
    }

    private AccountRegister.Entry account(String accountId, View view) {
        return accounts.find(accountId, view)
                .map(AccountRegister.Seen::entry)
                .orElseThrow(() -> new RuleBroken("ACCOUNT_NOT_FOUND", "There is no such account."));
    }
}
