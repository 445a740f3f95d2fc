package uk.directpayments.ledger.platform;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jackson.autoconfigure.JsonFactoryBuilderCustomizer;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.WebMvcRegistrations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.task.TaskDecorator;
import org.springframework.format.FormatterRegistry;
import org.springframework.util.unit.DataSize;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Puts the conventions of the API in place: filters from the outside in, then what handlers are given. */
@Configuration(proxyBeanMethods = false)
class HttpConfiguration implements WebMvcConfigurer {

    private final ViewResolver views;

    HttpConfiguration(Positions positions, Clock clock) {
        this.views = new ViewResolver(positions, clock);
    }

    /** Inside metrics, so that they count the status that is answered; outside everything else. */
    @Bean
    static FilterRegistrationBean<HttpEdge> httpEdge(Problems problems) {
        FilterRegistrationBean<HttpEdge> edge = new FilterRegistrationBean<>(new HttpEdge(problems));
        edge.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
        return edge;
    }

    /** Behind security: the body of somebody unknown is not read. */
    @Bean
    static FilterRegistrationBean<HttpBody> httpBody(@Value("${ledger.http.max-json-bytes:1MB}") DataSize most) {
        FilterRegistrationBean<HttpBody> body =
                new FilterRegistrationBean<>(new HttpBody(Math.toIntExact(most.toBytes())));
        body.addUrlPatterns("/api/*");
        body.setOrder(0);
        return body;
    }

    @Bean
    static WebMvcRegistrations routes() {
        return new WebMvcRegistrations() {
            @Override
            public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
                return new HttpRoutes();
            }
        };
    }

    /** Answers that are streamed are written by other threads, in the name of the same request. */
    @Bean
    static TaskDecorator carriedOver() {
        return Carried::over;
    }

    @Bean
    static WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcatErrors() {
        return tomcat -> tomcat.addContextCustomizers(HttpTomcatErrors::install);
    }

    @Bean
    static JsonFactoryBuilderCustomizer boundedJson() {
        return HttpJson::bounded;
    }

    @Bean
    static JsonMapperBuilderCustomizer strictJson() {
        return HttpJson::strict;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallResolver());
        resolvers.add(views);
    }

    @Override
    public void addInterceptors(InterceptorRegistry interceptors) {
        interceptors.addInterceptor(new HttpQuery()).addPathPatterns("/api/**");
    }

    @Override
    public void addFormatters(FormatterRegistry formats) {
        formats.addConverter(String.class, LocalDate.class, HttpText::date);
        formats.addConverter(String.class, Instant.class, HttpText::instant);
    }

    /** Beans that the conventions need and the domain shares. */
    @Configuration(proxyBeanMethods = false)
    static class Time {
        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }
}
