package dev.eventshop.testing;

import java.util.Set;
import java.util.TreeSet;
import org.springframework.context.ApplicationContext;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The routes of a running service. */
public final class RunningMappings {

    private RunningMappings() {}

    /**
     * @return all that controllers are mapped to, but for the answer to errors; as {@code GET /api/orders/{id}}, with
     *     {@code ANY} for a route of any method
     */
    public static Set<String> of(ApplicationContext context) {
        Set<String> routes = new TreeSet<>();
        context.getBeansOfType(RequestMappingHandlerMapping.class)
                .values()
                .forEach(mapping -> mapping.getHandlerMethods()
                        .keySet()
                        .forEach(info -> info.getPatternValues().stream()
                                .filter(pattern -> !pattern.equals("/error"))
                                .forEach(pattern -> {
                                    Set<RequestMethod> methods =
                                            info.getMethodsCondition().getMethods();
                                    if (methods.isEmpty()) {
                                        routes.add("ANY " + pattern);
                                    }
                                    methods.forEach(method -> routes.add(method + " " + pattern));
                                })));
        return routes;
    }
}
