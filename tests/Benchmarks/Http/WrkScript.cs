namespace NovaOrleans.Benchmarks.Http;

/// <summary>What wrk sends, as the Lua that it runs: requests are composed once, and tokens take turns.</summary>
internal static class WrkScript
{
    private const string Json = "Content-Type";

    /// <summary>At the end a line that <see cref="Wrk"/> reads; times are in microseconds.</summary>
    private const string Done = """
        local threads = {}
        pairs_done, failed = 0, 0
        function setup(thread) table.insert(threads, thread) end
        function done(summary, latency, requests)
          local pairs_of_all, bad = 0, summary.errors.connect + summary.errors.read + summary.errors.write
            + summary.errors.status + summary.errors.timeout
          for _, thread in ipairs(threads) do
            pairs_of_all = pairs_of_all + (thread:get("pairs_done") or 0)
            bad = bad + (thread:get("failed") or 0)
          end
          io.write(string.format('\n{"Requests":%d,"Pairs":%d,"Micros":%d,"P50":%d,"P99":%d,"Failed":%d}\n',
            summary.requests, pairs_of_all, summary.duration, latency:percentile(50), latency:percentile(99), bad))
        end

        """;

    /// <summary>The same request again and again.</summary>
    public static string Repeat(IEnumerable<string> tokens, string method, string path, string body = "") => $$"""
        {{Done}}
        local tokens, composed, turn = {{{Listed(tokens)}}}, {}, 0
        function init(args)
          for i, token in ipairs(tokens) do
            composed[i] = wrk.format("{{method}}", "{{path}}",
              { ["X-Auth-Token"] = token, ["{{Json}}"] = "application/json" }, '{{body}}')
          end
        end
        function request()
          turn = turn % #composed + 1
          return composed[turn]
        end
        """;

    /// <summary>Makes a card and deletes it: a pair is done when the second is answered.</summary>
    public static string Churn(IEnumerable<string> tokens, string path, string body) => $$"""
        {{Done}}
        local tokens, creates, heads, tails, turn, ready = {{{Listed(tokens)}}}, {}, {}, {}, 0, {}
        function init(args)
          for i, token in ipairs(tokens) do
            creates[i] = wrk.format("POST", "{{path}}",
              { ["X-Auth-Token"] = token, ["{{Json}}"] = "application/json" }, '{{body}}')
            local delete = wrk.format("DELETE", "{{path}}/@", { ["X-Auth-Token"] = token })
            local at = delete:find("@", 1, true)
            heads[i], tails[i] = delete:sub(1, at - 1), delete:sub(at + 1)
          end
        end
        function request()
          turn = turn % #creates + 1
          local id = table.remove(ready)
          return id and heads[turn] .. id .. tails[turn] or creates[turn]
        end
        function response(status, headers, body)
          if status == 201 then
            ready[#ready + 1] = body:match('"id":"([%x-]+)"')
          elseif status == 204 then
            pairs_done = pairs_done + 1
          else
            failed = failed + 1
          end
        end
        """;

    private static string Listed(IEnumerable<string> tokens) => string.Join(", ", tokens.Select(t => $"\"{t}\""));
}
