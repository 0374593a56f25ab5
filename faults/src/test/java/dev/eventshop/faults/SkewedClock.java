package dev.eventshop.faults;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.support.BeanDefinitionBuilder;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/** Gives a service a clock that goes wrong, where a system property says by how much. */
public final class SkewedClock implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final String SKEW = "eventshop.faults.skew";

    /** @return options of a JVM whose services have such a clock */
    static List<String> options(Duration skew) {
        return skew.isZero() ? List.of() : List.of("-D" + SKEW + "=" + skew);
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        String skew = System.getProperty(SKEW);
        if (skew != null && context.getBeanFactory() instanceof BeanDefinitionRegistry registry) {
            registry.registerBeanDefinition(
                    "skewedClock",
                    BeanDefinitionBuilder.genericBeanDefinition(
                                    Clock.class, () -> Clock.offset(Clock.systemUTC(), Duration.parse(skew)))
                            .setPrimary(true)
                            .getBeanDefinition());
        }
    }
}
