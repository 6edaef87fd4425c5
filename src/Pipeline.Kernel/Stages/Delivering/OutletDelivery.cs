using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Stages.Delivering;

/// <summary>
/// What goes to one target partition. Invariants:
/// <list type="bullet">
/// <item>One part is under way at a time, in order, and it is the same one until its outcome is known.</item>
/// <item>A watermark goes out only when all made before it is committed; what is said only rises.</item>
/// </list>
/// </summary>
internal sealed class OutletDelivery(int number, bool isOutput, DeliveryOptions options, DeliveryFlaws flaws)
{
    private OutletPhase _phase;
    private OutputPart? _part;
    private OutputPart? _sent;
    private bool _isLeaving;
    private long _said = long.MinValue;
    private long _saying;
    private long _sayDue;
    private long _restUntil;

    /// <summary>Everything made through here is durable in the target.</summary>
    public Origin Committed { get; private set; } = Origin.None;

    public long InFlightBytes => _part?.Bytes.Length ?? 0;

    public void Open(Origin last) => Committed = last;

    public void Leave() => _isLeaving = isOutput && _said == long.MinValue;

    /// <summary>Sends what there is, unless it does already.</summary>
    public void Pump(in DeliveryTurn turn)
    {
        if (_phase == OutletPhase.Resting && turn.Now >= _restUntil)
        {
            _phase = OutletPhase.Idle;
            if (_sent is { } again)
            {
                Send(turn, DeliveryEffectKind.SendAgain, again);
            }
        }

        if (_phase != OutletPhase.Idle)
        {
            return;
        }

        if ((flaws & DeliveryFlaws.SayEarly) != 0 && HasWord(turn))
        {
            Say(turn);
        }
        else if (turn.Outputs.Take(number) is { } part)
        {
            _part = part;
            Send(turn, DeliveryEffectKind.Send, part);
        }
        else if (HasWord(turn))
        {
            Say(turn);
        }
    }

    /// <summary>False where the instance ends.</summary>
    public bool Answer(OutletReply reply, Origin held, in DeliveryTurn turn)
    {
        switch (_phase)
        {
            case OutletPhase.Sending:
                return AnswerPart(reply, held, _part!, turn);
            case OutletPhase.Saying:
                AnswerWord(reply, turn);
                return true;
            default:
                throw new InvalidOperationException($"outlet {number} was answered, and had asked nothing");
        }
    }

    /// <summary>When there is something to do though no input comes; long.MaxValue: never.</summary>
    public long WakeAt(in DeliveryTurn turn) => _phase switch
    {
        OutletPhase.Resting => _restUntil,
        OutletPhase.Idle when Owes(turn) => _sayDue,
        _ => long.MaxValue,
    };

    public OutletDelivery Clone() => (OutletDelivery)MemberwiseClone();

    /// <summary>What it does from here on; times count from now.</summary>
    public void Encode(ByteWriter to, long now)
    {
        to.Byte((byte)_phase);
        to.Byte(_isLeaving ? (byte)1 : (byte)0);
        Encode(to, Committed);
        Encode(to, _part?.Header.Last ?? Origin.None);
        Encode(to, _sent?.Header.Previous ?? Origin.None);
        to.Int64(_said);
        to.Int64(_phase == OutletPhase.Saying ? _saying : 0);
        to.Int64(Math.Max(0, _sayDue - now));
        to.Int64(_phase == OutletPhase.Resting ? Math.Max(0, _restUntil - now) : 0);
    }

    private static void Encode(ByteWriter to, Origin origin)
    {
        to.Int64(origin.Offset);
        to.Int32(origin.Ordinal);
    }

    /// <summary>Whether readers of the target do not know the watermark yet.</summary>
    private bool Owes(in DeliveryTurn turn) =>
        isOutput && turn.Outputs.WatermarkOf(number) > _said && turn.Outputs.IsAwaited(number);

    private bool HasWord(in DeliveryTurn turn) => _isLeaving || (turn.Now >= _sayDue && Owes(turn));

    private void Send(in DeliveryTurn turn, DeliveryEffectKind kind, OutputPart part)
    {
        (_phase, _sent) = (OutletPhase.Sending, part);
        turn.Add(new DeliveryEffect(kind, number) { Part = part });
    }

    private void Say(in DeliveryTurn turn)
    {
        (_phase, _saying, _isLeaving) = (OutletPhase.Saying, turn.Outputs.WatermarkOf(number), false);
        turn.Add(new DeliveryEffect(DeliveryEffectKind.Say, number) { Time = _saying });
    }

    private bool AnswerPart(OutletReply reply, Origin held, OutputPart part, in DeliveryTurn turn)
    {
        switch (PartVerdicts.Of(reply, held, Committed, part))
        {
            case PartVerdict.Committed:
                (_phase, _part, _sent, Committed) = (OutletPhase.Idle, null, null, part.Header.Last);
                turn.Add(new DeliveryEffect(DeliveryEffectKind.Committed, number) { Part = part });
                return true;
            case PartVerdict.Fenced:
                turn.Add(new DeliveryEffect(DeliveryEffectKind.Fence, number));
                return false;
            case PartVerdict.Trim when PartTrimmer.After(part, held) is { } rest:
                Send(turn, DeliveryEffectKind.SendAgain, rest);
                return true;
            case PartVerdict.Trim:
                turn.Add(new DeliveryEffect(DeliveryEffectKind.NotMadeAgain, number) { Part = part, Last = held });
                return false;
            case PartVerdict.Diverged:
                turn.Add(new DeliveryEffect(DeliveryEffectKind.Diverged, number) { Part = part, Last = held });
                return false;
            default:
                Rest(turn);
                turn.Add(new DeliveryEffect(DeliveryEffectKind.Refused, number) { Part = part });
                return true;
        }
    }

    private void AnswerWord(OutletReply reply, in DeliveryTurn turn)
    {
        _sayDue = turn.Now + options.WatermarkPause;
        if (reply == OutletReply.Held)
        {
            (_phase, _said) = (OutletPhase.Idle, Math.Max(_said, _saying));
            return;
        }

        _isLeaving |= _saying == long.MinValue;
        Rest(turn);
    }

    private void Rest(in DeliveryTurn turn) =>
        (_phase, _restUntil) = (OutletPhase.Resting, turn.Now + options.RetryDelay);
}
