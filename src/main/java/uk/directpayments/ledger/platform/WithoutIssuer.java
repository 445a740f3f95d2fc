package uk.directpayments.ledger.platform;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;

/** Where no {@code ledger.oidc.issuer} is named: what is there only beside the ledger's own local users. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ConditionalOnProperty(name = "ledger.oidc.issuer", havingValue = WithoutIssuer.NONE, matchIfMissing = true)
public @interface WithoutIssuer {

    /** No address of an issuer. */
    String NONE = "-";
}
