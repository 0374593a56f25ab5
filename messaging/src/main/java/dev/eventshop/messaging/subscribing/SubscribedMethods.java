package dev.eventshop.messaging.subscribing;

import dev.eventshop.messaging.Subscribe;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/** Finds annotated methods by the types of the beans, without making any bean. */
final class SubscribedMethods {

    /**
     * @param beanName that has the method
     * @param method   as the class declares it, behind any proxy
     */
    record SubscribedMethod(String beanName, Method method, Subscribe annotation) {}

    private SubscribedMethods() {}

    static List<SubscribedMethod> of(ConfigurableListableBeanFactory beans) {
        List<SubscribedMethod> found = new ArrayList<>();
        for (String name : beans.getBeanNamesForType(Object.class, true, false)) {
            Class<?> type =
                    ScopedProxyUtils.isScopedTarget(name) ? null : AutoProxyUtils.determineTargetClass(beans, name);
            if (type != null && AnnotationUtils.isCandidateClass(type, Subscribe.class)) {
                select(ClassUtils.getUserClass(type))
                        .forEach((method, annotation) -> found.add(new SubscribedMethod(name, method, annotation)));
            }
        }
        return found;
    }

    private static Map<Method, Subscribe> select(Class<?> type) {
        MethodIntrospector.MetadataLookup<Subscribe> annotation =
                method -> AnnotatedElementUtils.findMergedAnnotation(method, Subscribe.class);
        return MethodIntrospector.selectMethods(type, annotation);
    }
}
