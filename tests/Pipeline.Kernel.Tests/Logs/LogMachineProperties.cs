using System.Text;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Xunit;

namespace Pipeline.Kernel.Tests.Logs;

/// <summary>
/// Random schedules over stores in memory: owners that overtake each other and die, one store at a time that fails,
/// freezes or loses answers, one corrupt copy. A client repeats what it is not sure of under the same key.
/// </summary>
public sealed class LogMachineProperties
{
    private const int Steps = 400;

    [Theory]
    [InlineData(0, false)]
    [InlineData(10000, false)]
    [InlineData(20000, true)]
    [InlineData(30000, true)]
    public void What_is_acknowledged_is_in_the_log_once_where_it_was_said_to_be(int firstSeed, bool corrupts)
    {
        for (var seed = firstSeed; seed < firstSeed + 150; seed++)
        {
            try
            {
                new Run(seed, corrupts, LogFlaws.None).Play();
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed}: {fault.Message}", fault);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_planted_flaw_is_found(int flaw)
    {
        var flaws = flaw switch
        {
            1 => LogFlaws.AcknowledgeAtOne,
            2 => LogFlaws.CloseAtMinimum,
            _ => LogFlaws.CountDamaged,
        };
        for (var seed = 0; seed < 5_000; seed++)
        {
            if (Record.Exception(() => new Run(seed, corrupts: true, flaws).Play()) is not null)
            {
                return;
            }
        }

        Assert.Fail($"{flaws} was not noticed in 5,000 schedules");
    }

    private sealed class Run
    {
        private readonly Random _draw;
        private readonly bool _corrupts;
        private readonly LogWorld _world;
        private readonly List<WorldOwner> _owners = [];
        private readonly Dictionary<string, (WorldOwner Owner, int Slice)> _open = [];
        private readonly Dictionary<string, LogOffset> _acknowledged = [];
        private int _values;
        private bool _hasCorrupted;
        private ulong _names;

        public Run(int seed, bool corrupts, LogFlaws flaws)
        {
            _draw = new Random(seed);
            _corrupts = corrupts;
            var options = new LogOptions { RollBytes = 1500, MaxClosedSegments = 3, WindowHandles = 500 };
            _world = new LogWorld(options: options, flaws: flaws);
        }

        public void Play()
        {
            NewOwner();
            for (var step = 0; step < Steps; step++)
            {
                Step();
                Collect();
            }

            Heal();
            Check();
        }

        private void Step()
        {
            var owner = _owners[_draw.Next(_owners.Count)];
            switch (_draw.Next(100))
            {
                case < 55:
                    DoSomething(owner);
                    break;
                case < 70:
                    Append(_owners[^1]);
                    break;
                case < 80:
                    owner.Pump();
                    break;
                case < 88:
                    _world.Now += _draw.Next(20_000_000);
                    owner.Tick();
                    break;
                case < 93:
                    Disturb();
                    break;
                case < 95:
                    owner.GoOnWithCopy();
                    break;
                case < 96 when _owners.Count < 4:
                    NewOwner();
                    break;
                case < 97 when _owners.Count > 1:
                    _owners.Remove(owner);
                    break;
                case < 98 when _corrupts && !_hasCorrupted:
                    Corrupt();
                    break;
            }
        }

        private void DoSomething(WorldOwner owner)
        {
            var doable = Enumerable.Range(0, owner.Undone.Count).Where(i => owner.CanDo(i)).ToList();
            if (doable.Count > 0)
            {
                owner.Do(doable[_draw.Next(doable.Count)]);
            }
        }

        private void NewOwner()
        {
            var owner = _world.NewOwner(++_names);
            owner.Start();
            _owners.Add(owner);
        }

        private void Append(WorldOwner owner)
        {
            var value = $"value {_values++}";
            _open[value] = (owner, owner.Append(Key(value), null, value));
        }

        /// <summary>One store at a time is not well.</summary>
        private void Disturb()
        {
            _world.Stores.ForEach(s => (s.Failure, s.IsFrozen) = (StoreReply.Ok, false));
            var store = _world.Stores[_draw.Next(3)];
            switch (_draw.Next(6))
            {
                case 0:
                    store.Failure = StoreReply.Unavailable;
                    break;
                case 1:
                    store.Failure = StoreReply.NoSpace;
                    break;
                case 2:
                    store.IsFrozen = true;
                    break;
                case 3:
                    store.LosesNextAck = true;
                    break;
                case 4:
                    _world.LosesNextChoice = true;
                    break;
            }
        }

        private void Corrupt()
        {
            // Only copies that two others hold: more damage than a minority is not survivable.
            var store = _world.Stores[0];
            var segment = store.Segments.FirstOrDefault(s => s.Value.Bytes.Count > 0);
            if (segment.Value is not null)
            {
                segment.Value.Bytes[_draw.Next(segment.Value.Bytes.Count)] ^= 0x20;
                _hasCorrupted = true;
            }
        }

        private void Collect()
        {
            foreach (var (value, (owner, slice)) in _open.ToList())
            {
                if (owner.Replies.TryGetValue(slice, out var reply))
                {
                    Take(value, reply);
                }
                else if (!_owners.Contains(owner))
                {
                    // Its owner is dead: the client hears nothing, and asks another.
                    Repeat(value);
                }
            }
        }

        private void Take(string value, LogEffect reply)
        {
            switch (reply.Reply)
            {
                case LogReply.Appended:
                    _acknowledged.Add(value, reply.First);
                    _open.Remove(value);
                    break;
                case LogReply.Duplicate:
                    _acknowledged.Add(value, Assert.Single(reply.Runs!).First);
                    _open.Remove(value);
                    break;
                default:
                    Repeat(value);
                    break;
            }
        }

        private void Repeat(string value)
        {
            if (_owners[^1].IsServing)
            {
                _open[value] = (_owners[^1], _owners[^1].Append(Key(value), null, value));
            }
        }

        private void Heal()
        {
            _world.Stores.ForEach(s => (s.Failure, s.IsFrozen, s.LosesNextAck) = (StoreReply.Ok, false, false));
            _world.LosesNextChoice = false;
            NewOwner();
            var last = _owners[^1];
            for (var round = 0; round < 60 && (_open.Count > 0 || !last.IsServing); round++)
            {
                last.Run();
                last.Pump();
                last.Run();
                last.Wait(TimeSpan.FromSeconds(1));
                _owners.RemoveAll(o => o != last);
                Collect();
            }

            Assert.True(last.IsServing, last.Machine.Complaint ?? $"{last.Machine.Phase}");
            Assert.Empty(_open);
        }

        private void Check()
        {
            var values = _world.Values();
            Assert.Equal(values.Count, values.Distinct().Count());
            foreach (var (value, offset) in _acknowledged)
            {
                Assert.True(offset.Value < values.Count, $"{value} was acknowledged at {offset} of {values.Count}");
                Assert.Equal(value, values[(int)offset.Value]);
            }
        }

        private static PartHeader Key(string value) => new()
        {
            HandleKind = HandleKind.Key,
            Handle = Hash128.Of(Encoding.UTF8.GetBytes(value)),
            Body = new Hash128(1, 1),
        };
    }
}
