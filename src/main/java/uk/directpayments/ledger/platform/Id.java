package uk.directpayments.ledger.platform;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.Pattern;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An id that a caller may choose or name: 1 to 64 of {@code A-Za-z0-9._-}, and not {@code .} or {@code ..}, which no path could
 * name again. Null passes. Otherwise 400 {@code ID_INVALID}. For components of request records and for query parameters; path
 * variables of the API are held to it without being marked, but for {@value #OF_INSTALMENT}.
 */
@Target({ElementType.FIELD, ElementType.PARAMETER, ElementType.TYPE_USE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = {})
@Pattern(regexp = Id.PATTERN)
@ReportAsSingleViolation
public @interface Id {

    String PATTERN = "^(?!\\.{1,2}$)[A-Za-z0-9._-]{1,64}$";

    /** The id of an instalment is that of its schedule and a number: it may be longer than what a caller chooses. */
    String OF_INSTALMENT = "instalmentId";

    /** The most signs of an instalment's id. */
    int MOST_OF_INSTALMENT = 80;

    String INSTALMENT_PATTERN = "^(?!\\.{1,2}$)[A-Za-z0-9._-]{1," + MOST_OF_INSTALMENT + "}$";

    String SIGNS = " of the letters A to Z and a to z, digits, full stop, underscore and hyphen";

    String WORDS = "must be 1 to 64" + SIGNS;

    String INSTALMENT_WORDS = "must be 1 to " + MOST_OF_INSTALMENT + SIGNS;

    String message() default WORDS;

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
}
