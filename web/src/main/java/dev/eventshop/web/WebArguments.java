package dev.eventshop.web;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Gives controllers the parameters that the contract has everywhere, by their type. */
final class WebArguments implements HandlerMethodArgumentResolver {

    private final int maxPageSize;

    WebArguments(int maxPageSize) {
        this.maxPageSize = maxPageSize;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        Class<?> type = parameter.getParameterType();
        return type == Limit.class || type == ReadAfter.class || type == ETags.Condition.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        Class<?> type = parameter.getParameterType();
        if (type == Limit.class) {
            return Limit.parse(request.getParameter(Limit.PARAMETER), maxPageSize);
        }
        if (type == ReadAfter.class) {
            return ReadAfter.parse(joined(request, ReadAfter.MIN_EVENT_POSITION), joined(request, ReadAfter.PREFER));
        }
        return ETags.ifMatch(joined(request, HttpHeaders.IF_MATCH));
    }

    private static @Nullable String joined(NativeWebRequest request, String header) {
        String[] values = request.getHeaderValues(header);
        return values == null ? null : String.join(",", Arrays.asList(values));
    }
}
