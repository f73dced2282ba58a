using Mono.Cecil;
using Mono.Cecil.Cil;

namespace NovaOrleans.Conformance;

/// <summary>
/// Reads the compiled code that translation may run: from a net-agent's pure members along every call within the plug-in's own
/// assemblies. What is called outside of them is not followed, but must not be a clock, chance, a process, a file or a socket.
/// </summary>
internal sealed class PureCode : IDisposable
{
    /// <summary>Types, or a type's members, that make an answer depend on more than what was asked.</summary>
    private static readonly string[] s_impure =
    [
        "System.DateTime::get_Now", "System.DateTime::get_UtcNow", "System.DateTime::get_Today", "System.DateTimeOffset::get_Now",
        "System.DateTimeOffset::get_UtcNow", "System.TimeProvider::", "System.Diagnostics.Stopwatch::", "System.Threading.Timer::",
        "System.Environment::get_Tick", "System.Environment::get_Machine", "System.Environment::get_Process", "System.Environment::get_User",
        "System.Environment::get_CurrentDirectory", "System.Environment::GetEnvironment", "System.Environment::Exit", "System.Environment::SetEnvironment",
        "System.Random::", "System.Guid::NewGuid", "System.Guid::CreateVersion7", "System.Security.Cryptography.RandomNumberGenerator::",
        "NovaOrleans.Vocabulary.VnicId::New", "NovaOrleans.Vocabulary.NetworkId::New", "NovaOrleans.Vocabulary.PortId::New",
        "NovaOrleans.Vocabulary.InstanceId::New", "System.Diagnostics.Process::", "System.Diagnostics.ProcessStartInfo::",
        "System.IO.File", "System.IO.Directory", "System.IO.DriveInfo", "System.Net.Sockets.", "System.Net.Dns::", "System.Net.Http.",
        "System.Net.NetworkInformation.", "System.Globalization.CultureInfo::get_Current", "System.TimeZoneInfo::get_Local",
        "NovaOrleans.NetworkServices.IHostLink::BindVnicsToPorts", "NovaOrleans.NetworkServices.IHostLink::Until", "Orleans.IGrainFactory::",
    ];

    private static readonly string[] s_entries =
    [
        nameof(INetAgent.Translate), nameof(INetAgent.RequiresFileInjection), nameof(INetAgent.GetNetworkInfo), nameof(INetAgent.GetInterfaceXml),
    ];

    private readonly Dictionary<string, TypeDefinition> _types = new(StringComparer.Ordinal);
    private readonly List<ModuleDefinition> _modules = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Queue<(MethodDefinition Method, string From)> _open = new();
    private List<TypeDefinition> _agent = [];

    private PureCode()
    {
    }

    /// <summary>The first call that must not be there, and the way to it; null where there is none.</summary>
    public static string? Fault(string folder, Type agent)
    {
        using var code = new PureCode();
        code.Read(folder);
        return code.Walk(agent.FullName!);
    }

    public void Dispose() => _modules.ForEach(m => m.Dispose());

    private void Read(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*.dll"))
        {
            try
            {
                ModuleDefinition module = ModuleDefinition.ReadModule(file, new ReaderParameters { InMemory = true });
                _modules.Add(module);
                foreach (TypeDefinition type in module.GetTypes())
                {
                    _types.TryAdd(type.FullName, type);
                }
            }
            catch (BadImageFormatException)
            {
                // A native library; whoever calls into it is seen by the call.
            }
        }
    }

    private string? Walk(string agent)
    {
        _agent = [.. Chain(_types.GetValueOrDefault(agent.Replace('+', '/'))
            ?? throw new BrokenPromiseException($"its net-agent {agent} is in no assembly of its folder"))];
        foreach (string entry in s_entries)
        {
            if (_agent.SelectMany(t => t.Methods).FirstOrDefault(m => m.Name.Split('.')[^1] == entry) is { } first)
            {
                Add(first, first.DeclaringType.Name);
            }
        }

        while (_open.TryDequeue(out (MethodDefinition Method, string From) next))
        {
            if (Fault(next.Method, next.From) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private string? Fault(MethodDefinition method, string from)
    {
        string here = $"{from} → {method.Name}";
        if (method.IsPInvokeImpl)
        {
            return $"{here} is native code, whose answer may depend on anything";
        }

        foreach (Instruction instruction in method.HasBody ? method.Body.Instructions : [])
        {
            if (instruction.Operand is FieldReference { DeclaringType: { } holder })
            {
                AddStatic(holder, here);
            }

            if (instruction.Operand is not MethodReference called)
            {
                continue;
            }

            string name = $"{called.DeclaringType.GetElementType().FullName}::{called.Name}";
            if (s_impure.Any(i => name.StartsWith(i, StringComparison.Ordinal)))
            {
                return $"{here} calls {called.DeclaringType.Name}.{called.Name}";
            }

            Follow(called, instruction.OpCode == OpCodes.Newobj, here);
        }

        return null;
    }

    private void Follow(MethodReference called, bool makes, string from)
    {
        if (!_types.TryGetValue(called.DeclaringType.GetElementType().FullName, out TypeDefinition? type))
        {
            return;
        }

        AddStatic(type, from);
        MethodDefinition? method = type.Methods.FirstOrDefault(m => m.Name == called.Name && Alike(m, called));
        if (method is not null)
        {
            foreach (MethodDefinition run in method.IsVirtual ? Overrides(method) : [method])
            {
                Add(run, from);
            }
        }

        // What a made object is asked by others' code (an iterator, a comparer) comes back by a virtual member.
        foreach (MethodDefinition answer in makes ? type.Methods.Where(m => m.IsVirtual) : [])
        {
            Add(answer, from);
        }
    }

    /// <summary>Of the net-agent itself the one that runs; of anything else all that might.</summary>
    private IEnumerable<MethodDefinition> Overrides(MethodDefinition method)
    {
        bool Same(MethodDefinition m) => m.Name.Split('.')[^1] == method.Name && Alike(m, method);
        return _agent.Contains(method.DeclaringType)
            ? _agent.SelectMany(t => t.Methods).Where(Same).Take(1)
            : _types.Values.Where(t => t == method.DeclaringType || Chain(t).Contains(method.DeclaringType)
                || Chain(t).Any(c => c.Interfaces.Any(i => i.InterfaceType.GetElementType().FullName == method.DeclaringType.FullName)))
                .SelectMany(t => t.Methods).Where(Same);
    }

    private static bool Alike(MethodReference one, MethodReference other) => one.Parameters.Count == other.Parameters.Count;

    private void AddStatic(TypeReference holder, string from)
    {
        if (_types.TryGetValue(holder.GetElementType().FullName, out TypeDefinition? type)
            && type.Methods.FirstOrDefault(m => m.IsConstructor && m.IsStatic) is { } initializer)
        {
            Add(initializer, from);
        }
    }

    private void Add(MethodDefinition method, string from)
    {
        if (_seen.Add(method.FullName))
        {
            _open.Enqueue((method, from.Length > 200 ? "… → " + method.DeclaringType.Name : from));
        }
    }

    /// <summary>The type and what it is derived from, as far as that is the plug-in's own, the most derived first.</summary>
    private IEnumerable<TypeDefinition> Chain(TypeDefinition? type)
    {
        while (type is not null)
        {
            yield return type;
            type = type.BaseType is { } parent ? _types.GetValueOrDefault(parent.GetElementType().FullName) : null;
        }
    }
}
