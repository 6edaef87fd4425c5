using System.Globalization;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages;
using Pipeline.Kernel.Stages.Delivering;

namespace Pipeline.Kernel.Tests.Stages;

/// <summary>
/// A delivery with outputs made by hand and a clock that is set: outlets 0 and 1 are outputs, 2 takes dead letters.
/// Effects come as text.
/// </summary>
internal sealed class DeliveryBench : IStageOutputs
{
    public const int Outlets = 3;

    private readonly Queue<OutputPart>[] _made = [new(), new(), new()];
    private readonly Origin[] _last = [Origin.None, Origin.None, Origin.None];
    private readonly List<DeliveryEffect> _effects = [];

    public StageDelivery Delivery { get; } = new(
        [true, true, false],
        new DeliveryOptions { CheckpointInterval = 1000, RetryDelay = 200, WatermarkPause = 100 });

    public long Now { get; set; }

    public long Watermark { get; set; } = long.MinValue;

    public bool AreRead { get; set; } = true;

    public bool IsWithinBlock { get; set; }

    /// <summary>The time of the last WakeAt.</summary>
    public long Wake { get; private set; } = -1;

    public Origin LastOf(int outlet) => _last[outlet];

    public OutputPart? Take(int outlet) => _made[outlet].TryDequeue(out var part) ? part : null;

    public long WatermarkOf(int outlet) => Watermark;

    public bool IsAwaited(int outlet) => AreRead;

    /// <summary>The machine took a step that made a part of so many records for an outlet; 0: none.</summary>
    public string Make(int outlet, int records)
    {
        if (records > 0)
        {
            var part = Part(_last[outlet], records);
            _made[outlet].Enqueue(part);
            _last[outlet] = part.Header.Last;
        }

        return Step(DeliveryInput.Made(Now));
    }

    public string Look() => Step(DeliveryInput.Looked(Now));

    public string WakeUp()
    {
        Now = Wake;
        return Step(DeliveryInput.Woke(Now));
    }

    /// <summary>Lets time go on; what came of the last waking.</summary>
    public string WakeUntil(long time)
    {
        var last = "";
        while (Now < time)
        {
            last = WakeUp();
        }

        return last;
    }

    public string Answer(int outlet, OutletReply reply, long held = -1) =>
        Step(DeliveryInput.Answered(outlet, reply, new Origin(held, 0), Now));

    public string Saved(CheckpointReply reply) => Step(DeliveryInput.Saved(reply, Now));

    public string Step(in DeliveryInput input)
    {
        Delivery.Step(input, this, _effects);
        foreach (var effect in _effects)
        {
            Wake = effect.Kind == DeliveryEffectKind.WakeAt ? effect.Time : Wake;
        }

        var text = string.Join(", ", _effects.Select(Text));
        _effects.Clear();
        return text;
    }

    private static string Text(DeliveryEffect effect) => effect.Kind switch
    {
        DeliveryEffectKind.Say =>
            $"Say {effect.Outlet} {(effect.Time == long.MinValue ? "leaves" : $"{effect.Time}")}",
        DeliveryEffectKind.WakeAt => $"WakeAt {effect.Time}",
        _ when effect.Part is { } part =>
            $"{effect.Kind} {effect.Outlet} {part.Header.Previous.Offset + 1}..{part.Header.Last.Offset}",
        _ when effect.Outlet >= 0 => $"{effect.Kind} {effect.Outlet}",
        _ => $"{effect.Kind}",
    };

    /// <summary>Records (n, 0) with one after the other offset.</summary>
    private static OutputPart Part(Origin previous, int records)
    {
        var body = new byte[64 * records];
        var length = 0;
        for (var i = 1; i <= records; i++)
        {
            length += RecordCodec.Write(
                new RecordView
                {
                    Flags = RecordFlags.Origin,
                    Origin = new Origin(previous.Offset + i, 0),
                    Value = System.Text.Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)),
                },
                body.AsSpan(length));
        }

        var header = new PartHeader
        {
            Kind = PartKind.Events,
            HandleKind = HandleKind.Platform,
            Count = records,
            Handle = Layouts.Self,
            Sequence = 1,
            Previous = previous,
            Last = new Origin(previous.Offset + records, 0),
        };
        var bytes = new byte[PartCodec.HeaderSize(HandleKind.Platform, records) + length];
        body.AsSpan(0, length).CopyTo(bytes.AsSpan(PartCodec.WriteHeader(header, [], length, bytes)));
        return new OutputPart(header, bytes);
    }
}
