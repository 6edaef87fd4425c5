using System.Text;
using Pipeline.Kernel.Identity;
using Xunit;

namespace Pipeline.Kernel.Tests.Identity;

public class NumberKeyProperties
{
    private const int Keys = 200_000;

    /// <summary>What keys are drawn from: all that a number has, and what makes a text of it.</summary>
    private const string Letters = "00123456789--+..eE x";

    [Fact]
    public void A_key_that_is_said_to_be_in_its_one_form_is()
    {
        var random = new Random(20_261_129);
        var differed = 0;
        Span<byte> to = stackalloc byte[NumberKey.MaxLength];
        for (var i = 0; i < Keys; i++)
        {
            var key = Encoding.UTF8.GetBytes(string.Concat(
                Enumerable.Range(0, random.Next(9)).Select(_ => Letters[random.Next(Letters.Length)])));
            var form = NumberKey.Of(key, to);
            if (!form.SequenceEqual(key))
            {
                differed++;
                Assert.True(NumberKey.MayDiffer(key), Encoding.UTF8.GetString(key));
            }

            Assert.Equal(KeySlot.Of(form), KeySlot.Of(key, KeyHash.ByValue));
        }

        Assert.InRange(differed, Keys / 1000, Keys);
    }
}
