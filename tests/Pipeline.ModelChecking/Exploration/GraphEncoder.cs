using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;
using Pipeline.Kernel.Identity;

namespace Pipeline.ModelChecking.Exploration;

/// <summary>
/// Encodes everything a machine holds, field by field, for a fingerprint: nothing the machine may come to depend on
/// can be forgotten, only left out by name. Sets, dictionaries and what is kept per store count without their order,
/// and stores by the number they are given: states that differ by the names of stores only can be made equal.
/// </summary>
/// <param name="skippedTypes">Types that say nothing about the state.</param>
/// <param name="skippedFields">Fields that say nothing about it, as Type.Field or Type.Property.</param>
/// <param name="parts">Types of which there is one each, met from several sides: encoded once.</param>
/// <param name="perStore">Types of the elements of lists that have one element a store.</param>
public sealed class GraphEncoder(Type[] skippedTypes, string[] skippedFields, Type[] parts, Type[] perStore)
{
    private readonly Dictionary<Type, FieldInfo[]> _fields = [];
    private readonly Dictionary<Type, bool> _sets = [];
    private readonly HashSet<object> _met = new(ReferenceEqualityComparer.Instance);
    private byte[] _bytes = new byte[4096];
    private int _length;
    private int[] _names = [];

    /// <param name="root">What is encoded.</param>
    /// <param name="names">The number that stands for each store; stores are 1, 2, ...</param>
    public UInt128 Fingerprint(object root, int[] names)
    {
        _names = names;
        _met.Clear();
        _length = 0;
        Encode(root);
        return Fingerprints.Of(_bytes.AsSpan(0, _length));
    }

    private void Encode(object? value)
    {
        if (value is null || value is Delegate || Array.IndexOf(skippedTypes, value.GetType()) >= 0)
        {
            Write([0]);
            return;
        }

        var type = value.GetType();
        if (type.IsEnum || type.IsPrimitive)
        {
            Write(value is ulong wide
                ? unchecked((long)wide)
                : Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
        }
        else if (value is StoreId store)
        {
            Write(store == default ? -1 : _names[(int)store.Value - 1]);
        }
        else if (value is string text)
        {
            Write(text.Length);
            Write(MemoryMarshal.AsBytes(text.AsSpan()));
        }
        else if (value is IEnumerable elements)
        {
            EncodeAll(elements, type);
        }
        else if (Array.IndexOf(parts, type) < 0 || _met.Add(value))
        {
            Write([1]);
            foreach (var field in FieldsOf(type))
            {
                Encode(field.GetValue(value));
            }
        }
    }

    private void EncodeAll(IEnumerable elements, Type type)
    {
        var head = _length;
        Write(0);
        var count = 0L;
        List<UInt128>? unordered = null;
        foreach (var element in elements)
        {
            count++;
            var start = _length;
            Encode(element);
            if (IsSet(type) || (element is not null && Array.IndexOf(perStore, element.GetType()) >= 0))
            {
                unordered ??= [];
                unordered.Add(Fingerprints.Of(_bytes.AsSpan(start, _length - start)));
                _length = start;
            }
        }

        unordered?.Sort();
        foreach (var element in unordered ?? [])
        {
            Write(MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in element)));
        }

        MemoryMarshal.Write(_bytes.AsSpan(head), in count);
    }

    private bool IsSet(Type type)
    {
        if (!_sets.TryGetValue(type, out var isSet))
        {
            _sets[type] = isSet = type.GetInterfaces().Any(static i => i.IsGenericType
                && (i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
                    || i.GetGenericTypeDefinition() == typeof(IReadOnlySet<>)));
        }

        return isSet;
    }

    private void Write(long value) => Write(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in value)));

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, 2 * (_length + bytes.Length));
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    private FieldInfo[] FieldsOf(Type type)
    {
        if (_fields.TryGetValue(type, out var fields))
        {
            return fields;
        }

        var all = new List<FieldInfo>();
        for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
        {
            all.AddRange(at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
                | BindingFlags.DeclaredOnly));
        }

        all.RemoveAll(field => Array.IndexOf(skippedFields, NameOf(field)) >= 0);
        return _fields[type] = [.. all];
    }

    /// <summary>Type and field; the property where the field is a property's own.</summary>
    private static string NameOf(FieldInfo field) => field.DeclaringType!.Name + "." + (field.Name.StartsWith('<')
        ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)]
        : field.Name);
}
