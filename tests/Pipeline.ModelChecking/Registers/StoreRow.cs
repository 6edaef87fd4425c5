using Pipeline.Kernel.Registers;

namespace Pipeline.ModelChecking.Registers;

/// <summary>The stores, the puts still on their way to them, and the record of what they ever accepted.</summary>
internal sealed class StoreRow
{
    private static readonly byte[] Initial = [(byte)'.'];
    private StoreBlob[] _blobs = [.. Enumerable.Repeat(
        new StoreBlob(true, false, RegisterState.Born(Initial), 0), RegisterWorld.Stores)];

    public List<LateRequest> Late { get; private set; } = [];

    public Votes Votes { get; private set; } = new(Initial);

    public StoreBlob this[int store]
    {
        get => _blobs[store];
        set => _blobs[store] = value;
    }

    public StoreRow Clone()
    {
        var copy = (StoreRow)MemberwiseClone();
        copy._blobs = [.. _blobs];
        return copy;
    }

    /// <summary>Does on the store what was asked, and gives its answer.</summary>
    public RegisterInput Perform(in StoreRequest request, int store)
    {
        if (request.Kind == RegisterEffectKind.Put)
        {
            var isMet = request.Version == _blobs[store].Tag;
            if (isMet)
            {
                Write(store, request.State);
            }

            return RegisterInput.Put(
                store, isMet ? StoreAnswer.Ok : StoreAnswer.Conflict, isMet ? _blobs[store].Tag : null);
        }

        return _blobs[store].IsThere
            ? RegisterInput.Got(store, StoreAnswer.Ok, _blobs[store].Bytes(), _blobs[store].Tag)
            : RegisterInput.Got(store, StoreAnswer.Absent, default, null);
    }

    public void AddLate(in StoreRequest request, int store) =>
        Late = [.. Late, new LateRequest(store, request.State, request.Version)];

    public bool IsOpen(in LateRequest late) => late.Version == _blobs[late.Store].Tag;

    public void Land(int index)
    {
        var late = Late[index];
        Late = [.. Late.Where((_, at) => at != index)];
        Write(late.Store, late.State);
    }

    public void Forget(Func<Ballot, bool> isOpen) => Votes = Votes.Without(isOpen);

    public void EncodeStore(int store, ref StateEncoder to)
    {
        _blobs[store].Encode(ref to);
        Votes.EncodeStore(store, ref to);
        foreach (var late in Late)
        {
            if (late.Store == store && IsOpen(late))
            {
                to.Write(late.State);
            }
        }
    }

    private void Write(int store, in RegisterState state)
    {
        _blobs[store] = _blobs[store].Write(state);
        if (!Votes.Has(state.Accepted, state.Value, store))
        {
            Votes = Votes.With(state.Accepted, state.Value, store);
        }
    }
}
