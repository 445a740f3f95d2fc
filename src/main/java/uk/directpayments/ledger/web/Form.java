package uk.directpayments.ledger.web;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Actor.Role;

/**
 * A write of the API as a page with a form: its one definition. The variables of the page's path are those of the API's.
 *
 * @param page    where it is
 * @param api     what it is sent to, below {@code /api/v1}
 * @param subject what is read of the API and shown above the fields, or null; whoever cannot read it does not see the form
 * @param title   what one is about to do
 * @param help    a sentence or two under the title
 * @param button  what the button says
 * @param then    the page to go to once it is done; the answer's fields may stand in its path
 * @param roles   who finds it; who may do it, the API decides
 */
record Form(
        String page,
        String api,
        @Nullable String subject,
        String title,
        String help,
        String button,
        String then,
        List<Role> roles,
        List<Field> fields) {

    /** What a field takes. */
    enum Kind {
        /** One line. */
        LINE,
        /** Several lines. */
        TEXT,
        MONEY,
        /** Day, month and year. */
        DATE,
        /** One of a few. */
        CHOICE,
        /** Yes, or nothing. */
        YES,
        /** A file that is handed on. */
        FILE,
        /** A file of which only the hash and the name are sent. */
        DOCUMENT,
        /** Fixed: shown to nobody, taken from the subject. */
        HIDDEN
    }

    /**
     * A field.
     *
     * @param name    as in the request of the API
     * @param label   a question or a noun
     * @param options codes, of a choice
     * @param from    the field of the subject that is proposed, {@code today}, or null for nothing
     */
    record Field(
            String name,
            Kind kind,
            String label,
            String hint,
            boolean optional,
            List<String> options,
            @Nullable String from) {

        static Field of(Kind kind, String name, String label) {
            return new Field(name, kind, label, "", false, List.of(), null);
        }

        static Field line(String name, String label) {
            return of(Kind.LINE, name, label);
        }

        static Field text(String name, String label) {
            return of(Kind.TEXT, name, label);
        }

        static Field money(String name, String label) {
            return of(Kind.MONEY, name, label);
        }

        static Field date(String name, String label) {
            return of(Kind.DATE, name, label).hint("For example, 27 3 2026");
        }

        static Field choice(String name, String label, String... options) {
            return new Field(name, Kind.CHOICE, label, "", false, List.of(options), null);
        }

        Field hint(String words) {
            return new Field(name, kind, label, words, optional, options, from);
        }

        Field from(String source) {
            return new Field(name, kind, label, hint, optional, options, source);
        }

        Field ifAny() {
            return new Field(name, kind, label, hint, true, options, from);
        }

        /** What an error links to. */
        public String id() {
            return switch (kind) {
                case DATE -> name + "-day";
                case CHOICE -> name + "-" + options.get(0);
                default -> name;
            };
        }
    }

    static Form of(String page, String title, String button, Role... roles) {
        return new Form(page, page, null, title, "", button, "/", List.of(roles), List.of());
    }

    /** Where its page's path is not that of the API. */
    Form to(String path) {
        return new Form(page, path, subject, title, help, button, then, roles, fields);
    }

    Form about(String path) {
        return new Form(page, api, path, title, help, button, then, roles, fields);
    }

    Form help(String words) {
        return new Form(page, api, subject, title, words, button, then, roles, fields);
    }

    Form then(String path) {
        return new Form(page, api, subject, title, help, button, path, roles, fields);
    }

    Form fields(Field... all) {
        return new Form(page, api, subject, title, help, button, then, roles, Arrays.asList(all));
    }

    public boolean hasFile() {
        return fields.stream().anyMatch(field -> field.kind == Kind.FILE || field.kind == Kind.DOCUMENT);
    }
}
