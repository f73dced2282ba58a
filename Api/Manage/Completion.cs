using System.CommandLine;

namespace NovaOrleans.Manage;

/// <summary>
/// Completion for bash: the shell asks nova-manage itself what may come next, so that it never differs from what there is.
/// </summary>
internal static class Completion
{
    private const string Script =
        """
        # Completion of nova-manage, and of ./nova manage, for bash.
        _nova_manage() {
            local line=${COMP_LINE:0:COMP_POINT} run=("${COMP_WORDS[0]}")
            line=${line#* }
            if [ "${run[0]##*/}" = nova ]; then
                [ "${COMP_WORDS[1]}" = manage ] && [ "$COMP_CWORD" -gt 1 ] || return 0
                run+=(manage)
                line=${line#manage }
            fi
            COMPREPLY=($(compgen -W "$("${run[@]}" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _nova_manage nova-manage nova
        """;

    public static Command Make()
    {
        var shell = new Argument<string>("shell") { Description = "bash" };
        shell.AcceptOnlyFromAmong("bash");
        var command = new Command("completion", "Prints what the shell needs: source <(nova-manage completion bash)") { shell };
        command.SetAction(_ => Screen.Line(Script));
        return command;
    }

    public static bool IsAsked(string[] args) => args is [{ } first, _] && first.StartsWith("[suggest", StringComparison.Ordinal);

    /// <summary>The words of the command line that is run, or of the one that the shell wants completed.</summary>
    public static IReadOnlyList<string> WordsOf(string[] args) =>
        IsAsked(args) ? args[1].Split(' ', StringSplitOptions.RemoveEmptyEntries) : args;
}
