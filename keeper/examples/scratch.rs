#![allow(clippy::unwrap_used, missing_docs)]
use futures::future::join_all;
use weir_chain::*;
#[tokio::main]
async fn main() {
    let file = std::env::args().nth(1).unwrap();
    let d = Deployment::load(std::path::Path::new(&file)).unwrap();
    let client = Client::connect(&d.endpoint).await.unwrap();
    let pool = d.pool(&client).unwrap();
    let asset = |s: &str| d.asset(s).unwrap().clone();
    let (usdc, dot, eth) = (asset("USDC"), asset("DOT"), asset("ETH"));
    let one = |a: &weir_chain::deployment::Asset| 10u128.pow(u32::from(a.decimals));
    let alice = Sender::new(client.clone(), Signer::dev("alice").unwrap());
    let bob = Signer::dev("bob").unwrap().address();
    for (a, n, b) in [(&usdc, 2_000_000, 500_000), (&dot, 100_000, 0), (&eth, 500, 100)] {
        let t = a.handle(&client);
        alice.run(t.mint(alice.address(), n * one(a))).await.unwrap();
        if b > 0 { alice.run(t.mint(bob, b * one(a))).await.unwrap(); }
        alice.run(t.approve(pool.address(), n * one(a))).await.unwrap();
        alice.run(pool.supply(a.token, n * one(a), alice.address())).await.unwrap();
    }
    let users = (0..30u128).map(|n| {
        let (client, pool, usdc, dot, eth) = (client.clone(), pool.clone(), usdc.clone(), dot.clone(), eth.clone());
        async move {
            let s = Sender::new(client.clone(), Signer::dev(&format!("//user//{n}")).unwrap());
            let me = s.address();
            // value 3000 or 7500 each, ltv 50..64 %
            let e = 10u128.pow(18) * 2;
            let o = 10u128.pow(10) * 400;
            if n % 3 != 1 {
                s.run(eth.handle(&client).mint(me, e)).await.unwrap();
                s.run(eth.handle(&client).approve(pool.address(), e)).await.unwrap();
                let call = if n % 2 == 0 { pool.supply(eth.token, e, me) } else { pool.protect(eth.token, e, me) };
                s.run(call).await.unwrap();
            }
            if n % 3 != 0 {
                s.run(dot.handle(&client).mint(me, o)).await.unwrap();
                s.run(dot.handle(&client).approve(pool.address(), o)).await.unwrap();
                s.run(pool.supply(dot.token, o, me)).await.unwrap();
            }
            let cap = if n % 3 == 0 { 6000 } else if n % 3 == 1 { 3000 } else { 9000 };
            let usd = cap * (50 + n / 2) / 100;
            if n % 5 == 4 {
                s.run(pool.borrow(eth.token, usd * 10u128.pow(18) / 3000 / 2, me, me)).await.unwrap();
                s.run(pool.borrow(usdc.token, usd * 10u128.pow(6) / 2, me, me)).await.unwrap();
            } else {
                s.run(pool.borrow(usdc.token, usd * 10u128.pow(6), me, me)).await.unwrap();
            }
        }
    });
    join_all(users).await;
    println!("30 positions");
}
