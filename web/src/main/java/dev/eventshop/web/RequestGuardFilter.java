package dev.eventshop.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Bounds what is read of a body, announced or chunked, refuses texts that can't be stored in query parameters, and tells
 * caches to ask each time: an answer without a word on that may be kept, and would hide a client's own writes from it.
 */
final class RequestGuardFilter extends OncePerRequestFilter {

    private final long limit;
    private final ProblemWriter problems;

    RequestGuardFilter(long limit, ProblemWriter problems) {
        this.limit = limit;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        response.setHeader("X-Content-Type-Options", "nosniff");
        try {
            if (request.getRequestURI().indexOf(';') >= 0) {
                throw Problems.ofStatus(HttpStatus.NOT_FOUND); // Spring would pass over it, and take 17;x for 17
            }
            checkQuery(request);
        } catch (ProblemException refused) {
            problems.write(refused, request, response);
            return;
        }
        chain.doFilter(new LimitedRequest(request, limit), response);
    }

    private static void checkQuery(HttpServletRequest request) {
        if (request.getQueryString() == null || request.getContentType() != null) {
            return; // with a body, asking for parameters could read it
        }
        request.getParameterMap().forEach((name, values) -> {
            for (String value : values) {
                if (!Text.isStorable(value)) {
                    throw Problems.invalid(Text.isStorable(name) ? name : "?", Text.NOT_STORABLE);
                }
            }
        });
    }

    private static final class LimitedRequest extends HttpServletRequestWrapper {

        private final long limit;

        LimitedRequest(HttpServletRequest request, long limit) {
            super(request);
            this.limit = limit;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (getContentLengthLong() > limit) { // not before somebody wants it: who may not send it learns that first
                throw Problems.bodyTooLarge(limit);
            }
            return new LimitedStream(super.getInputStream(), limit);
        }

        @Override
        public BufferedReader getReader() throws IOException {
            return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }

    private static final class LimitedStream extends ServletInputStream {

        private final ServletInputStream stream;
        private final long limit;
        private long count;

        LimitedStream(ServletInputStream stream, long limit) {
            this.stream = stream;
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            int read = stream.read();
            count(read < 0 ? 0 : 1);
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = stream.read(bytes, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int read) {
            count += read;
            if (count > limit) {
                throw Problems.bodyTooLarge(limit);
            }
        }

        @Override
        public boolean isFinished() {
            return stream.isFinished();
        }

        @Override
        public boolean isReady() {
            return stream.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            stream.setReadListener(listener);
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
