using System.Collections;
using System.Reflection;

namespace Pipeline.ModelChecking.Exploration;

/// <summary>
/// Encodes everything a machine holds, field by field, for a fingerprint: nothing the machine may come to depend on
/// can be forgotten. Objects met again are encoded by the number of their first meeting.
/// </summary>
public sealed class GraphEncoder(params Type[] skipped)
{
    private static readonly Dictionary<Type, FieldInfo[]> Fields = [];
    private readonly Dictionary<object, int> _met = new(ReferenceEqualityComparer.Instance);

    public UInt128 Fingerprint(object root)
    {
        _met.Clear();
        using var bytes = new MemoryStream(4096);
        using var to = new BinaryWriter(bytes);
        Encode(root, to);
        to.Flush();
        return Fingerprints.Of(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private void Encode(object? value, BinaryWriter to)
    {
        if (value is null || value is Delegate || Array.IndexOf(skipped, value.GetType()) >= 0)
        {
            to.Write((byte)0);
            return;
        }

        var type = value.GetType();
        if (type.IsEnum || type.IsPrimitive)
        {
            to.Write(value is ulong wide
                ? unchecked((long)wide)
                : Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
            return;
        }

        if (value is string text)
        {
            to.Write(text);
            return;
        }

        if (!type.IsValueType)
        {
            if (_met.TryGetValue(value, out var number))
            {
                to.Write(number);
                return;
            }

            _met.Add(value, _met.Count + 1);
        }

        if (value is IDictionary or IList)
        {
            to.Write(((ICollection)value).Count);
            foreach (var element in (IEnumerable)value)
            {
                Encode(element, to);
            }

            return;
        }

        foreach (var field in FieldsOf(type))
        {
            Encode(field.GetValue(value), to);
        }
    }

    private static FieldInfo[] FieldsOf(Type type)
    {
        lock (Fields)
        {
            if (!Fields.TryGetValue(type, out var fields))
            {
                var all = new List<FieldInfo>();
                for (var at = type; at is not null && at != typeof(object); at = at.BaseType)
                {
                    all.AddRange(at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
                        | BindingFlags.DeclaredOnly));
                }

                Fields[type] = fields = [.. all];
            }

            return fields;
        }
    }
}
