using System.Globalization;
using System.Text;
using Pipeline.Kernel.Identity;
using Xunit;

namespace Pipeline.Kernel.Tests.Identity;

public sealed class KeyHashTests
{
    [Theory]
    [InlineData("1 1.0 1e0 10e-1 0.1E+1 1.000", "1")]
    [InlineData("0 -0 0.0 -0.0 0e9 -0E-3 0e-400", "0")]
    [InlineData("1.5 1.50 15e-1 150E-2", null)]
    [InlineData("-12 -12.0 -1.2e1", "-12")]
    [InlineData("9007199254740993.0 9007199254740992.0 9007199254740992", "9007199254740992")]
    [InlineData("1e300 10e299 1000e297", null)]
    [InlineData("9223372036854775808.0 9.223372036854775808e18", null)]
    public void Numbers_of_one_value_have_one_slot(string keys, string? whole)
    {
        var slots = keys.Split(' ').Select(Slot).ToHashSet();
        Assert.Single(slots);
        if (whole is not null)
        {
            Assert.Equal(KeySlot.Of(Encoding.UTF8.GetBytes(whole)), slots.Single());
        }
    }

    [Theory]
    [InlineData("dev-1")]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1")]
    [InlineData("-7")]
    [InlineData("007")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("+1")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1.0 ")]
    [InlineData("1.0x")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("1e999")]
    [InlineData("9223372036854775807")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("3f2504e0-4f89-11d3-9a0c-0305e82c3301")]
    [InlineData("true")]
    public void All_other_keys_stay_where_they_were(string key) =>
        Assert.Equal(KeySlot.Of(Encoding.UTF8.GetBytes(key)), Slot(key));

    [Fact]
    public void The_first_hash_knows_texts_only() => Assert.NotEqual(
        KeySlot.Of("1"u8, KeyHash.ByText), KeySlot.Of("1.0"u8, KeyHash.ByText));

    [Fact]
    public void Any_spelling_of_a_double_has_its_slot()
    {
        var draw = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var value = BitConverter.Int64BitsToDouble(draw.NextInt64());
            if (!double.IsFinite(value) || value == Math.Floor(value))
            {
                continue;
            }

            Assert.Equal(
                Slot(value.ToString("E16", CultureInfo.InvariantCulture)),
                Slot(value.ToString("E20", CultureInfo.InvariantCulture)));
        }
    }

    private static KeySlot Slot(string key) => KeySlot.Of(Encoding.UTF8.GetBytes(key), KeyHash.ByValue);
}
